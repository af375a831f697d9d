import fc from 'fast-check';
import { another, images, none, pair, small, type Cases, type OperatorCase } from './case.ts';

const concat = fc
  .record({ image: images, axis: fc.constantFrom(0, 1, 2, 3, -1, -2, -3), twice: fc.boolean() })
  .map(({ image, axis, twice }): OperatorCase => ({
    image,
    with: { axis, twice },
    build: (sketch, x) => {
      // Along the batch, the halves are added up again, so that the number of images stays the same.
      const other = another(sketch, x, image[0]!);
      const constant = sketch.weights('constant', [1, ...image]);
      const batch = sketch.node('Add', [x, constant], none);
      const joined = sketch.node('Concat', twice ? [x, batch, other, x] : [other, batch], { axis });
      if (axis !== 0) return joined;
      const parts = twice ? 4 : 2;
      const apart = sketch.node('Reshape', [joined], { shape: [parts, -1, ...image] });
      return sketch.node('ReduceMean', [apart], { axes: [0], keepDims: false });
    },
  }));

/** Starts and ends beyond the edges, from either end; steps that leave a remainder, and negative ones. */
const slice = fc
  .record({
    image: images,
    axes: fc.subarray([1, 2, 3], { minLength: 1 }),
    fromTheEnd: fc.boolean(),
    starts: fc.array(small(-7, 7), { minLength: 3, maxLength: 3 }),
    ends: fc.array(fc.oneof(small(-8, 8), fc.constant(2 ** 31 - 1)), {
      minLength: 3,
      maxLength: 3,
    }),
    steps: fc.array(fc.constantFrom(1, 1, 2, 3, -1, -2), { minLength: 3, maxLength: 3 }),
  })
  .map(({ image, axes, fromTheEnd, starts, ends, steps }) => ({
    image,
    attributes: {
      axes: axes.map((axis) => (fromTheEnd ? axis - 4 : axis)),
      starts: axes.map((axis) => starts[axis - 1]!),
      ends: axes.map((axis) => ends[axis - 1]!),
      steps: axes.map((axis) => steps[axis - 1]!),
    },
    axes,
  }))
  .filter(({ image, attributes: { starts, ends, steps }, axes }) =>
    axes.every((axis, i) => {
      const list = Array.from({ length: image[axis - 1]! }, (_, place) => place);
      const size = list.length;
      const fromFront = (at: number) => (at < 0 ? at + size : at);
      const [from, to] = [fromFront(starts[i]!), fromFront(ends[i]!)];
      const step = steps[i]!;
      const first = step > 0 ? Math.max(0, from) : Math.min(size - 1, from);
      return first >= 0 && first < size && (step > 0 ? first < to : first > to);
    }),
  )
  .map(({ image, attributes }): OperatorCase => ({
    image,
    with: attributes,
    build: (sketch, x) => sketch.node('Slice', [x], attributes),
  }));

/** Two slices of an image joined the other way round, as torch.roll is exported. */
const roll = fc
  .record({ image: images, axis: fc.constantFrom(1, 2, 3) })
  .map(({ image, axis }): OperatorCase => ({
    image: image.with(axis - 1, image[axis - 1]! + 1),
    with: axis,
    build: (sketch, x) => {
      const cut = (start: number, end: number) =>
        sketch.node('Slice', [x], { axes: [axis], starts: [start], ends: [end], steps: [1] });
      return sketch.node('Concat', [cut(-1, Number.MAX_SAFE_INTEGER), cut(0, -1)], { axis });
    },
  }));

const pad = fc
  .record({
    image: images,
    before: fc.array(small(-1, 2), { minLength: 3, maxLength: 3 }),
    after: fc.array(small(-1, 2), { minLength: 3, maxLength: 3 }),
  })
  .filter(({ image, before, after }) =>
    image.every((size, axis) => size + Math.min(0, before[axis]!) + Math.min(0, after[axis]!) >= 1),
  )
  .map(({ image, before, after }): OperatorCase => ({
    image,
    with: { before, after },
    build: (sketch, x) => sketch.node('Pad', [x], { pads: [0, ...before, 0, ...after] }),
  }));

const transpose = fc
  .record({
    image: images,
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 }),
  })
  .map(({ image, order }): OperatorCase => ({
    image,
    with: order,
    build: (sketch, x) => {
      const turned = sketch.node('Transpose', [x], { permutation: order });
      // Makes the places distinguishable before they are put back into images.
      const shape = sketch.shapeOf(turned);
      const marked = sketch.node('Mul', [turned, sketch.weights('marks', shape)], none);
      const back = order.map((_, axis) => order.indexOf(axis));
      return sketch.node('Transpose', [marked], { permutation: back });
    },
  }));

const unsqueeze = fc
  .record({
    image: images,
    axes: fc.uniqueArray(small(-5, 4), { minLength: 1, maxLength: 1 }),
    all: fc.boolean(),
  })
  .filter(({ axes }) => axes[0] !== 0 && axes[0] !== -5)
  .map(({ image, axes, all }): OperatorCase => ({
    image: all ? image.map((size) => size + 1) : image,
    with: { axes, all },
    build: (sketch, x) => {
      const wide = sketch.node('Unsqueeze', [x], { axes: [...axes] });
      const doubled = sketch.node('Mul', [wide, wide], none);
      return sketch.node('Squeeze', [doubled], { axes: all ? [] : [...axes] });
    },
  }))
  .filter(({ with: used, image }) => !(used as { all: boolean }).all || image.every((n) => n > 1));

const expand = fc
  .record({ image: images, more: small(1, 3), kept: fc.subarray([1, 2]) })
  .map(({ image, more, kept }): OperatorCase => ({
    image,
    with: { more, kept },
    build: (sketch, x) => {
      const one = sketch.node('ReduceMean', [x], { axes: [1, 2], keepDims: true });
      const shape = [1, kept.includes(1) ? more + 1 : 1, kept.includes(2) ? more : 1, image[2]!];
      return sketch.node('Expand', [one], { shape: more === 1 ? shape.slice(1) : shape });
    },
  }));

/** Indices that are repeated, negative, and of rank 0 to 2. */
const gather = fc
  .record({
    image: images,
    axis: fc.constantFrom(1, 2, 3, -1, -2),
    indices: fc.array(fc.double({ min: -1, max: 1, noNaN: true, maxExcluded: true }), {
      minLength: 1,
      maxLength: 6,
    }),
    rank: fc.constantFrom(0, 1, 2),
  })
  .map(({ image, axis, indices, rank }): OperatorCase => {
    const size = [0, ...image][axis < 0 ? axis + 4 : axis]!;
    const taken = indices.map((share) => Math.floor(share * size));
    const even = taken.length % 2 === 0 ? taken : [...taken, 0];
    const [chosen, indicesShape] =
      rank === 0
        ? [[taken[0]!], []]
        : rank === 1
          ? [taken, [taken.length]]
          : [even, [2, even.length / 2]];
    return {
      image,
      with: { axis, chosen, indicesShape },
      build: (sketch, x) => sketch.node('Gather', [x], { axis, indices: chosen, indicesShape }),
    };
  });

/** Interleaves the channels of groups, as ShuffleNet does. */
const shuffle = fc
  .record({ groups: small(1, 3), perGroup: small(1, 3), size: pair(1, 4) })
  .map(({ groups, perGroup, size }): OperatorCase => ({
    image: [groups * perGroup, ...size],
    with: { groups, perGroup },
    build: (sketch, x) => {
      const apart = sketch.node('Reshape', [x], { shape: [0, groups, perGroup, ...size] });
      const turned = sketch.node('Transpose', [apart], { permutation: [0, 2, 1, 3, 4] });
      return sketch.node('Reshape', [turned], { shape: [0, -1, ...size] });
    },
  }));

export const movingCases: Cases = {
  Concat: concat,
  Slice: slice,
  'a roll out of slices': roll,
  Pad: pad,
  Transpose: transpose,
  'Unsqueeze and Squeeze': unsqueeze,
  Expand: expand,
  Gather: gather,
  'a channel shuffle': shuffle,
};
