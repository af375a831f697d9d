import { describe, expect, it } from 'vitest';
import type { NamedStep } from '../../../../main/engine/onednn/plan.ts';
import { simplified } from '../../../../main/engine/onednn/simplify.ts';

const step = (
  op: string,
  inputs: string[],
  outputs: string[],
  floats: readonly number[] = [],
): NamedStep => ({ op, name: op, inputs, outputs, floats });

/** y = x * sigmoid(x), what uses it, and its gradient as the graph writes it. */
const swish: readonly NamedStep[] = [
  step('sigmoid', ['x'], ['s']),
  step('multiply', ['x', 's'], ['y']),
  step('use', ['y'], ['dy']),
  step('multiply', ['dy', 's'], ['straight']),
  step('multiply', ['dy', 'x'], ['weighted']),
  step('affine', ['s'], ['rest'], [-1, 1]),
  step('multiply', ['s', 'rest'], ['slope']),
  step('multiply', ['weighted', 'slope'], ['bent']),
  step('sum', ['straight', 'bent'], ['dx']),
];
const normalisation = step('batch-normalization', ['z'], ['x', 'mean', 'deviation']);
const gradient = step('batch-normalization-gradient', ['dx', 'z', 'mean', 'deviation'], ['dz']);

/** The swish, its gradient and the normalisation, each for itself. */
const beside = [
  ['batch-normalization', 'z'],
  ['swish', 'x'],
  ['use', 'y'],
  ['swish-gradient', 'dy', 'x'],
  ['batch-normalization-gradient', 'dx', 'z', 'mean', 'deviation'],
];

const written = (steps: readonly NamedStep[]) => steps.map(({ op, inputs }) => [op, ...inputs]);

it('makes a swish one step, and its gradient another', () => {
  const steps = simplified(swish, ['dx']);
  expect(written(steps)).toEqual([
    ['swish', 'x'],
    ['use', 'y'],
    ['swish-gradient', 'dy', 'x'],
  ]);
  expect(steps.map(({ outputs }) => outputs[0])).toEqual(['y', 'dy', 'dx']);
});

it('finds a swish whichever way its products are written', () => {
  const turned = swish.map((one) => ({ ...one, inputs: [...one.inputs].reverse() }));
  expect(written(simplified(turned, ['dx']))).toEqual([
    ['swish', 'x'],
    ['use', 'y'],
    ['swish-gradient', 'dy', 'x'],
  ]);
});

it('makes a swish behind a normalisation part of it', () => {
  const steps = simplified([normalisation, ...swish, gradient], ['dz']);
  expect(written(steps)).toEqual([
    ['batch-normalization', 'z'],
    ['use', 'y'],
    ['batch-normalization-gradient', 'dy', 'z', 'mean', 'deviation'],
  ]);
  expect(steps[0]!.outputs).toEqual(['y', 'mean', 'deviation']);
  expect([steps[0]!.ints, steps[2]!.ints]).toEqual([[2], [2]]);
});

it('leaves a normalisation alone that has a Relu in it', () => {
  const steps = simplified(
    [
      step('batch-normalization', ['z'], ['v', 'mean', 'deviation']),
      step('relu', ['v'], ['x']),
      ...swish,
      step('masked-sum', ['x', 'dx'], ['dv']),
      step('batch-normalization-gradient', ['dv', 'z', 'mean', 'deviation'], ['dz']),
    ],
    ['dz'],
  );
  expect(written(steps)).toEqual(beside);
  expect([steps[0]!.ints, steps[4]!.ints]).toEqual([[1], [1]]);
});

it('leaves the normalisation alone where others need what it computes', () => {
  const steps = simplified(
    [normalisation, ...swish, gradient, step('also', ['x'], ['z2'])],
    ['dz', 'z2'],
  );
  expect(written(steps)).toEqual([...beside, ['also', 'x']]);
});

describe('keeps the parts of a swish', () => {
  it.each(['s', 'straight', 'weighted', 'rest', 'slope', 'bent'])(
    'where %s is needed elsewhere',
    (value) => {
      const steps = [...swish, step('also', [value], ['more'])];
      expect(simplified(steps, ['dx', 'more'])).toHaveLength(steps.length);
      expect(simplified(swish, ['dx', value])).toHaveLength(swish.length);
    },
  );

  it('where the gate is the sigmoid of another value', () => {
    const gate = swish.map((one) =>
      one.op === 'sigmoid' ? { ...one, inputs: ['elsewhere'] } : one,
    );
    expect(simplified(gate, ['dx'])).toHaveLength(swish.length);
  });

  it('where the gradient is another function of the sigmoid', () => {
    const other = swish.map((one) => (one.op === 'affine' ? { ...one, floats: [-1, 2] } : one));
    expect(simplified(other, ['dx'])).toHaveLength(swish.length);
  });
});
