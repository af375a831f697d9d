import { expect, it } from 'vitest';
import type { NamedStep } from '../../../../main/engine/onednn/plan.ts';
import { simplified } from '../../../../main/engine/onednn/simplify.ts';

const step = (op: string, inputs: string[], outputs: string[]): NamedStep => ({
  op,
  name: op,
  inputs,
  outputs,
});

it('computes a Relu once and masks the sum of its gradients once', () => {
  const steps = simplified(
    [
      step('relu', ['x'], ['a']),
      step('relu', ['x'], ['b']),
      step('use', ['a', 'b'], ['da', 'db']),
      step('masked-sum', ['a', 'da'], ['ma']),
      step('masked-sum', ['b', 'db'], ['mb']),
      step('sum', ['ma', 'mb'], ['dx']),
    ],
    ['dx'],
  );
  expect(steps.map(({ op, inputs }) => [op, ...inputs])).toEqual([
    ['relu', 'x'],
    ['use', 'a', 'a'],
    ['masked-sum', 'a', 'da', 'db'],
  ]);
});

it('makes a Relu behind a normalisation part of it, forwards and backwards', () => {
  const steps = simplified(
    [
      step('batch-normalization', ['x'], ['y', 'mean', 'deviation']),
      step('relu', ['y'], ['r']),
      step('use', ['r'], ['dr']),
      step('masked-sum', ['r', 'dr'], ['dy']),
      step('batch-normalization-gradient', ['dy', 'x', 'mean', 'deviation'], ['dx']),
    ],
    ['dx'],
  );
  expect(steps.map(({ op, inputs }) => [op, ...inputs])).toEqual([
    ['batch-normalization', 'x'],
    ['use', 'r'],
    ['batch-normalization-gradient', 'dr', 'x', 'mean', 'deviation'],
  ]);
});

it('keeps sums that others need, and drops what nothing needs', () => {
  const steps = simplified(
    [
      step('sum', ['a', 'b'], ['c']),
      step('sum', ['c', 'd'], ['e']),
      step('other', ['c'], ['f']),
      step('other', ['c'], ['unused']),
    ],
    ['e', 'f'],
  );
  expect(steps.map(({ op, inputs }) => [op, ...inputs])).toEqual([
    ['sum', 'a', 'b'],
    ['sum', 'c', 'd'],
    ['other', 'c'],
  ]);
});
