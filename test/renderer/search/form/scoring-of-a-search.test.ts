import { describe, expect, it } from 'vitest';
import { methods } from '../../../../preload/contract.ts';
import { formOf, scoringWish } from '../../../../renderer/search/form/settings-form.ts';
import { description } from '../../fake-bridge.ts';

const { defaultSettings: settings } = description;

describe('how a search is to be scored', () => {
  it('is left to the app unless somebody says otherwise', () => {
    expect(scoringWish(formOf(settings, 'a'))).toBeNull();
  });

  it('goes along with the settings, as the contract has it', () => {
    const scoring = scoringWish({ ...formOf(settings, 'a'), engine: 'onednn', workers: '2' });
    expect(scoring).toEqual({ engine: 'onednn', workers: 2 });
    const request = { name: 'a', settings, scoring };
    expect(methods['search.start'].args.parse([request])).toEqual([request]);
  });

  it('names a precision that is not automatic, where the engine can have it', () => {
    const values = { ...formOf(settings, 'a'), precision: 'bf16' } as const;
    expect(scoringWish(values)).toEqual({ engine: 'auto', workers: 'auto', precision: 'bf16' });
    const request = { name: 'a', settings, scoring: scoringWish(values) };
    expect(methods['search.start'].args.parse([request])).toEqual([request]);
    expect(scoringWish({ ...values, engine: 'onnxruntime' })).toEqual({
      engine: 'onnxruntime',
      workers: 'auto',
    });
  });

  it('has no Winograd where onnxruntime scores', () => {
    const values = { ...formOf(settings, 'a'), precision: 'float32-winograd' } as const;
    expect(scoringWish(values)).toMatchObject({ precision: 'float32-winograd' });
    expect(scoringWish({ ...values, engine: 'onnxruntime' })).not.toHaveProperty('precision');
  });

  it('keeps what stays automatic', () => {
    const values = formOf(settings, 'a');
    expect(scoringWish({ ...values, workers: '1' })).toEqual({ engine: 'auto', workers: 1 });
    expect(scoringWish({ ...values, engine: 'onnxruntime' })).toEqual({
      engine: 'onnxruntime',
      workers: 'auto',
    });
  });
});
