import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInSpaces } from '../../../../main/space/index.ts';
import {
  choiceText,
  convolutionText,
  excitationText,
  namesText,
  readChoice,
  readConvolutions,
  readExcitations,
  readName,
  readNames,
  readNumber,
  readOperations,
  readSize,
  readSizes,
  readStrides,
  sizesText,
} from '../../../../renderer/spaces/editor/space-form.ts';
import {
  freeName,
  isWithin,
  jsonText,
  valueAt,
  withValue,
  type Json,
} from '../../../../renderer/spaces/editor/space-json.ts';

describe('the operations of a cell', () => {
  it('are read by their names, and no other is', () => {
    expect(readOperations('none, nor_conv_1x1')).toEqual({ value: ['none', 'nor_conv_1x1'] });
    expect(readOperations('')).toEqual({ value: undefined });
    expect(readOperations('sep_conv')).toBeUndefined();
    expect(namesText(['none', 'nor_conv_1x1'])).toBe('none, nor_conv_1x1');
  });
});

describe('choices as text', () => {
  it.each([
    ['3', 3],
    ['3, 5', [3, 5]],
    ['16 to 64 step 16', { from: 16, to: 64, step: 16 }],
    ['1-4', { from: 1, to: 4, step: 1 }],
    ['1..4 by 3', { from: 1, to: 4, step: 3 }],
    ['c0: 8, 16', { gene: 'c0', choices: [8, 16] }],
    ['depth: 0 to 4', { gene: 'depth', from: 0, to: 4, step: 1 }],
    ['only : 7', { gene: 'only', choices: [7] }],
  ])('%s', (typed, value) => {
    expect(readChoice(typed)).toEqual({ value });
    expect(readChoice(choiceText(value))).toEqual({ value });
  });

  it('mean nothing where they are none, and nothing is no choice', () => {
    for (const typed of ['3,', 'a', '1.5', '3 to', '-1', 'gene:', '3: 4', 'a b: 3'])
      expect(readChoice(typed), typed).toBeUndefined();
    expect(readChoice(' ')).toEqual({ value: undefined });
    expect(readChoice('same', ['same'])).toEqual({ value: 'same' });
    expect(readChoice('gene: same', ['same'])).toBeUndefined();
  });

  it('read back every convolution', () => {
    const convolution = fc.oneof(
      fc.constantFrom<Json>('regular', 'depthwise'),
      fc.record({ group: fc.integer({ min: 1, max: 512 }) }),
      fc.record({
        group: fc.integer({ min: 1, max: 512 }),
        channels: fc.array(fc.integer({ min: 1, max: 2048 }), { minLength: 1, maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(convolution, { minLength: 2, maxLength: 5 }), (all) => {
        expect(readConvolutions(convolutionText(all as Json))).toEqual({ value: all });
      }),
    );
    expect(readConvolutions('g32 (a)')).toBeUndefined();
  });

  it('read squeeze-and-excite, activations and strides, one alone or a list', () => {
    for (const value of [0.25, 'mobilenetv3', [false, 0.25], [false, 'mobilenetv3', 0.5]] as Json[])
      expect(readExcitations(excitationText(value))).toEqual({ value });
    for (const none of ['', ' no ']) expect(readExcitations(none)).toEqual({ value: undefined });
    expect(excitationText(false)).toBe('');
    for (const typed of ['yes', '0.25,', 'no, se'])
      expect(readExcitations(typed), typed).toBeUndefined();
    const read = readNames(['relu', 'gelu']);
    expect(read('gelu')).toEqual({ value: 'gelu' });
    expect(read('relu, gelu')).toEqual({ value: ['relu', 'gelu'] });
    expect(read('selu')).toBeUndefined();
    expect(readStrides('1, 2')).toEqual({ value: [1, 2] });
    expect(readStrides('2')).toEqual({ value: 2 });
    expect(readStrides('3')).toBeUndefined();
  });

  it.each<[string, Json]>([
    ['224', [224, 224]],
    ['128 × 256', [128, 256]],
    ['128 to 224 step 4', { from: 128, to: 224, step: 4 }],
    ['size: 128 to 224 step 32', { gene: 'size', from: 128, to: 224, step: 32 }],
    ['128, 160 × 224', { choices: [128, [160, 224]] }],
    ['size: 128', { gene: 'size', choices: [128] }],
  ])('read one size or several: %s', (typed, value) => {
    expect(readSizes(typed)).toEqual({ value });
    expect(readSizes(sizesText(value))).toEqual({ value });
  });

  it('read names, each of which is taken once', () => {
    expect(readName(' mobile ', ['fused'])).toBe('mobile');
    for (const typed of ['', 'fused', '3x', 'a b', 'a:b'])
      expect(readName(typed, ['fused']), typed).toBeUndefined();
  });

  it('read sizes and numbers', () => {
    expect(readSize('224')).toEqual({ value: [224, 224] });
    expect(readSize('1024 × 2048')).toEqual({ value: [1024, 2048] });
    expect(readSize('x')).toBeUndefined();
    expect(readSizes('x')).toBeUndefined();
    expect(readNumber(' ')).toEqual({ value: undefined });
    expect(readNumber('0.001')).toEqual({ value: 0.001 });
    expect(readNumber('e')).toBeUndefined();
  });
});

describe('descriptions as JSON', () => {
  it('read back as they were, in lines that fit', () => {
    for (const { description } of builtInSpaces()) {
      const text = jsonText(description);
      expect(JSON.parse(text)).toEqual(description);
      // A text alone in its line, as a long genotype is, cannot be broken.
      const lines = text.split('\n').filter((line) => !/^ *("\w+": )?"[^"]*",?$/.test(line));
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(92);
    }
  });

  it('change in one place and nowhere else', () => {
    const before: Json = { a: [{ b: 1 }, { b: 2 }], c: 3 };
    expect(withValue(before, ['a', 1, 'b'], 5)).toEqual({ a: [{ b: 1 }, { b: 5 }], c: 3 });
    expect(withValue(before, ['a', 0], undefined)).toEqual({ a: [{ b: 2 }], c: 3 });
    expect(withValue(before, ['c'], undefined)).toEqual({ a: [{ b: 1 }, { b: 2 }] });
    expect(withValue(undefined, ['x', 'y'], 1)).toEqual({ x: { y: 1 } });
    expect(before).toEqual({ a: [{ b: 1 }, { b: 2 }], c: 3 });
    expect(valueAt(before, ['a', 7, 'b'])).toBeUndefined();
  });

  it('know which field a fault is in', () => {
    const place = ['network', 'stages', 1];
    expect(isWithin('network.stages[1].kernel', place)).toBe(true);
    expect(isWithin('network.stages[1]', place)).toBe(true);
    expect(isWithin('network.stages[10].kernel', place)).toBe(false);
  });

  it('find a name that is free', () => {
    expect(freeName('a', ['a', 'a-2'])).toBe('a-3');
    expect(freeName('b', ['a'])).toBe('b');
  });
});
