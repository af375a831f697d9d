import { expect, it } from 'vitest';
import { calledOf, operators, traitsOf } from '../../../../main/graph/operators/index.ts';
import type { OperatorKind } from '../../../../main/graph/graph.ts';

const kinds = Object.keys(operators) as OperatorKind[];

it('whatever multiplies by weights of a file counts them', () => {
  const multiplying = kinds.filter((kind) => operators[kind].macs && operators[kind].read);
  expect(multiplying).toContain('ConvTranspose');
  for (const kind of multiplying)
    expect({ kind, ...traitsOf(kind) }).toMatchObject({ trained: true });
});

it('what exists only after differentiation has no traits', () => {
  for (const kind of kinds.filter((one) => one.endsWith('Gradient')))
    expect({ kind, traits: traitsOf(kind) }).toEqual({ kind, traits: {} });
});

it('is called as people call it', () => {
  expect(
    ['Conv', 'Gemm', 'BatchNormalization', 'HardSwish'].map((kind) =>
      calledOf(kind as OperatorKind),
    ),
  ).toEqual(['conv', 'linear', 'batch norm', 'hard swish']);
});
