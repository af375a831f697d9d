import { describe, expect, it } from 'vitest';
import {
  engineToGoOnWith,
  identityOf,
  type ScoringPlan,
} from '../../../main/engine/scoring-plan.ts';

const versions = { onednn: '2.6.3+k2', onnxruntime: '1.30.0' };
const native: ScoringPlan = {
  engine: 'onednn',
  version: '2.6.3+k2',
  workers: 4,
  threads: 1,
  note: null,
};
const portable: ScoringPlan = { ...native, engine: 'onnxruntime', version: '1.30.0' };

const refusal = (code: string, said: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(said) as unknown }) as unknown;

describe('a run goes on', () => {
  it('with its engine, and with the threads that its scores depend on', () => {
    expect(engineToGoOnWith(native, 'auto', versions)).toEqual({
      name: 'onednn',
      threads: 1,
      precision: 'float32',
    });
    expect(engineToGoOnWith(native, 'onednn', versions)).toEqual({
      name: 'onednn',
      threads: 1,
      precision: 'float32',
    });
    expect(engineToGoOnWith(portable, 'auto', versions)).toEqual({
      name: 'onnxruntime',
      threads: null,
      precision: 'float32',
    });
  });

  it('with onnxruntime where it is older than the choice, whatever there is by now', () => {
    expect(engineToGoOnWith(null, 'auto', versions)).toEqual({
      name: 'onnxruntime',
      threads: null,
      precision: 'float32',
    });
  });

  it('with threads still to be found where it was stopped before they were', () => {
    const early = { ...native, workers: null, threads: null };
    expect(engineToGoOnWith(early, 'auto', versions).threads).toBeNull();
  });

  it('with no other engine than its own', () => {
    expect(() => engineToGoOnWith(native, 'onnxruntime', versions)).toThrow(
      refusal('engine-contradicts', /scored by onednn; scores of onnxruntime/),
    );
    expect(() => engineToGoOnWith(null, 'onednn', versions)).toThrow(
      refusal('engine-contradicts', /scored by onnxruntime/),
    );
  });

  it('in its precision, and in no other', () => {
    const rounded: ScoringPlan = { ...native, precision: 'bf16' };
    expect(engineToGoOnWith(rounded, 'auto', versions).precision).toBe('bf16');
    expect(engineToGoOnWith(rounded, 'auto', versions, 'bf16').precision).toBe('bf16');
    expect(() => engineToGoOnWith(rounded, 'auto', versions, 'float32')).toThrow(
      refusal('engine-contradicts', /scored in bf16; scores in float32/),
    );
    expect(() => engineToGoOnWith(native, 'auto', versions, 'bf16')).toThrow(
      refusal('engine-contradicts', /scored in float32; scores in bf16/),
    );
    expect(identityOf(rounded)).toMatchObject({ name: 'onednn', precision: 'bf16' });
    expect(identityOf(native)).not.toHaveProperty('precision');
  });

  it('nowhere without its engine, in its version', () => {
    expect(() => engineToGoOnWith(native, 'auto', { ...versions, onednn: null })).toThrow(
      refusal('engine-missing', /onednn 2\.6\.3\+k2; onednn is not there/),
    );
    // Stored before kernels had a revision: computed by others.
    expect(() => engineToGoOnWith({ ...native, version: '2.6.3' }, 'auto', versions)).toThrow(
      refusal('engine-missing', /onednn 2\.6\.3; this is onednn 2\.6\.3\+k2/),
    );
    expect(() => engineToGoOnWith(portable, 'auto', { ...versions, onnxruntime: '2.0.0' })).toThrow(
      refusal('engine-missing', /onnxruntime 1\.30\.0; this is onnxruntime 2\.0\.0/),
    );
  });
});
