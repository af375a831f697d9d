import { describe, expect, it } from 'vitest';
import { chooseEngine, usualEngine } from '../../../main/engine/engine-choice.ts';

const obstacle = { code: 'operator-not-native', message: 'No Softmax.', hint: 'Ask another.' };

describe('the engine of a run', () => {
  it('is onednn where it can score everything and nobody says otherwise', () => {
    expect(usualEngine).toBe('onednn');
    expect(chooseEngine('auto', null)).toEqual({ name: 'onednn', note: null });
  });

  it('is onnxruntime where onednn cannot, with the reason', () => {
    const { name, note } = chooseEngine('auto', obstacle);
    expect(name).toBe('onnxruntime');
    expect(note).toBe('onnxruntime scores instead of onednn. No Softmax.');
  });

  it('is what somebody asks for, or an error that says why not', () => {
    expect(chooseEngine('onnxruntime', obstacle)).toEqual({ name: 'onnxruntime', note: null });
    expect(chooseEngine('onednn', null)).toEqual({ name: 'onednn', note: null });
    expect(() => chooseEngine('onednn', obstacle)).toThrow(expect.objectContaining(obstacle));
  });

  it('needs no reason where onnxruntime is the usual one', () => {
    expect(chooseEngine('auto', obstacle, 'onnxruntime')).toEqual({
      name: 'onnxruntime',
      note: null,
    });
  });
});
