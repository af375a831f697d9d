import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../main/common/engines.ts';
import { chooseEngine, wishWith } from '../../../main/engine/engine-choice.ts';

const obstacle = { code: 'operator-not-native', message: 'No Softmax.', hint: 'Ask another.' };

describe('the engine of a run', () => {
  it('is onednn where it can score everything and nobody says otherwise', () => {
    expect(engineNames[0]).toBe('onednn');
    expect(chooseEngine('auto', {})).toEqual({ name: 'onednn', note: null });
  });

  it('is onnxruntime where onednn cannot, with the reason', () => {
    const { name, note } = chooseEngine('auto', { onednn: obstacle });
    expect(name).toBe('onnxruntime');
    expect(note).toBe('onnxruntime scores instead of onednn. No Softmax.');
  });

  it('is what somebody asks for, or an error that says why not', () => {
    expect(chooseEngine('onnxruntime', { onednn: obstacle })).toEqual({
      name: 'onnxruntime',
      note: null,
    });
    expect(chooseEngine('onednn', {})).toEqual({ name: 'onednn', note: null });
    expect(() => chooseEngine('onednn', { onednn: obstacle })).toThrow(
      expect.objectContaining(obstacle),
    );
  });

  it('needs no reason where onnxruntime is the usual one', () => {
    expect(chooseEngine('auto', { onednn: obstacle }, ['onnxruntime', 'onednn'])).toEqual({
      name: 'onnxruntime',
      note: null,
    });
  });

  it('is the last of the order where something stands against all of them', () => {
    const all = { onednn: obstacle, onnxruntime: obstacle };
    expect(chooseEngine('auto', all).name).toBe('onnxruntime');
  });

  it('is one that has the precision, and no other in its place', () => {
    expect(wishWith('auto', 'float32')).toBe('auto');
    expect(wishWith('onnxruntime', 'float32')).toBe('onnxruntime');
    expect(wishWith('auto', 'bf16')).toBe('onednn');
    expect(() => wishWith('onnxruntime', 'bf16')).toThrow(
      expect.objectContaining({
        code: 'precision-unavailable',
        message: "onnxruntime scores in float32 only; bf16 convolutions are onednn's.",
      }),
    );
  });
});
