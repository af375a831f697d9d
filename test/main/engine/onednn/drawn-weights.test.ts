/** Weights that the add-on draws: the very numbers that everything else has of the same initialiser. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtVersion, loadAddon } from '../../../../main/engine/onednn/addon.ts';
import type { Initializer } from '../../../../main/graph/graph.ts';
import { elements } from '../../../../main/graph/shape.ts';
import { materialise, uniformDrawOf } from '../../../../main/graph/weights.ts';

/** The add-on hands out results only, so it adds nothing to each number. */
async function drawnByAddon(initializers: readonly Initializer[]): Promise<Float32Array[]> {
  const count = initializers.length;
  const values = [
    ...initializers.map((initializer) => ({
      dims: initializer.shape,
      constant: null,
      drawn: uniformDrawOf(initializer),
    })),
    ...initializers.map(({ shape }) => ({
      dims: shape,
      constant: new Float32Array(elements(shape)),
    })),
    ...initializers.map(({ shape }) => ({ dims: shape, constant: null })),
  ];
  const steps = initializers.map((_, i) => ({
    op: 'sum',
    name: `numbers ${i}`,
    inputs: [i, count + i],
    outputs: [2 * count + i],
    ints: [],
    floats: [],
    data: [],
  }));
  const { layers } = await loadAddon().run(
    {
      values,
      steps,
      inputs: [],
      gradients: steps.map(({ outputs }) => outputs[0]!),
      batches: [{ inputs: [], targets: new Int32Array(0) }],
      termCap: 1,
      threads: 2,
      keepGradients: true,
    },
    false,
  );
  return layers.map(({ gradients }) => gradients?.[0] ?? new Float32Array(0));
}

const size = fc.integer({ min: 1, max: 9 });
const initializer = fc
  .record({
    shape: fc.oneof(fc.tuple(size, size), fc.tuple(size, size, size, size)),
    seed: fc.oneof(fc.nat(), fc.integer({ min: 2 ** 31, max: 2 ** 32 - 1 })),
    inputsFirst: fc.boolean(),
  })
  .map(({ shape, ...rest }): Initializer => ({
    shape,
    values: { kind: 'random', scheme: 'pytorch-default', ...rest },
  }));

describe.skipIf(builtVersion() === null)('weights drawn by the add-on', () => {
  it('are those of every other part of the product, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(initializer, { minLength: 1, maxLength: 4 }), async (several) => {
        expect(await drawnByAddon(several)).toEqual(several.map(materialise));
      }),
    );
  });

  // Large ones come from eight generators side by side, what is no multiple of eight times eight from one.
  it.each([[[128, 128]], [[16_385, 1]], [[257, 71, 1, 1]], [[129, 127, 3, 1]], [[300, 200, 3, 3]]])(
    'are so beyond the first thousands, %j',
    async (shape) => {
      const values = { kind: 'random', scheme: 'pytorch-default', seed: 7 } as const;
      const large = { shape, values };
      expect(await drawnByAddon([large])).toEqual([materialise(large)]);
    },
  );
});

it('draws of other kinds are not described as uniform', () => {
  const shape = [2, 3];
  const data = new Float32Array(6);
  expect(uniformDrawOf({ shape, values: { kind: 'data', data } })).toBeNull();
  expect(uniformDrawOf({ shape, values: { kind: 'constant', value: 1 } })).toBeNull();
  const scheme = 'kaiming-normal-fan-out';
  expect(uniformDrawOf({ shape, values: { kind: 'random', scheme, seed: 1 } })).toBeNull();
});
