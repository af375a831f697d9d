/**
 * Convolutions and pools as files write them, made two-dimensional: over one axis (an axis of one place is put in
 * front), over three of which one is pooled or two are filtered, and with padding that keeps sizes.
 */
import type { OnnxNode } from '../onnx/node.ts';
import { convolvedSize } from './conv.ts';
import { Composition } from './composed.ts';
import {
  unsupportedAttribute,
  type ExpandedNode,
  type ExpansionContext,
  type ReadNode,
} from './operator.ts';
import type { OperatorKind } from './attributes.ts';

type Windowed = 'Conv' | 'ConvTranspose' | 'AveragePool' | 'MaxPool';
type Read = (source: OnnxNode) => ReadNode<OperatorKind>;

/** @param read reads the operator once it is two-dimensional and its padding is written out */
export function expandWindowed(
  source: OnnxNode,
  context: ExpansionContext,
  read: Read,
): readonly ExpandedNode[] {
  const kind = source.opType as Windowed;
  const padded = withWrittenPads(source, context);
  const compose = new Composition(source, context);
  const window = padded.ints('kernel_shape');
  const [x = '', weight] = padded.inputs;
  const dimensions = window?.length ?? context.knownShape(x)?.slice(2).length ?? 2;
  const emit = (from: OnnxNode) => {
    const { inputs, attributes } = read(from);
    return compose.op<OperatorKind>(kind, inputs, attributes);
  };
  if (dimensions === 1) {
    const image = compose.op('Unsqueeze', [x], { axes: [2] });
    const kernel =
      kind === 'Conv' || kind === 'ConvTranspose'
        ? [compose.op('Unsqueeze', [weight!], { axes: [2] })]
        : [];
    const inputs = [image, ...kernel, ...padded.inputs.slice(1 + kernel.length)];
    return compose.ending(compose.op('Squeeze', [emit(widened(padded, inputs))], { axes: [2] }));
  }
  const size = window ?? (weight ? context.knownShape(weight)?.slice(2) : undefined);
  if (dimensions === 3 && kind === 'Conv' && size?.includes(1)) {
    return compose.ending(placeByPlace(compose, padded, { size, context, emit }));
  }
  const [, height, width] = window ?? [];
  if (dimensions === 3 && kind.endsWith('Pool') && height === 1 && width === 1) {
    return compose.ending(overDepth(compose, padded, context, emit));
  }
  if (dimensions !== 2) {
    throw unsupportedAttribute(
      source,
      `a kernel over ${dimensions} axes, as networks of video and volumes have`,
    );
  }
  return compose.ending(emit(padded));
}

const pairs = { kernel_shape: 1, strides: 1, dilations: 1, output_padding: 0 };

/** The same over an axis of one place in front of the only one. */
function widened(source: OnnxNode, inputs: readonly string[]): OnnxNode {
  const ints: Record<string, readonly number[]> = {};
  for (const [name, before] of Object.entries(pairs)) {
    const written = source.ints(name);
    if (written) ints[name] = [before, ...written];
  }
  const pads = source.ints('pads');
  if (pads) ints['pads'] = [0, pads[0]!, 0, pads[1]!];
  return source.changed({ ints, inputs });
}

/**
 * A convolution over three axes whose kernel is one place wide along one of them, as LambdaNetworks have it: what lies
 * along that axis takes its place among the images.
 */
function placeByPlace(
  compose: Composition,
  source: OnnxNode,
  by: {
    readonly size: readonly number[];
    readonly context: ExpansionContext;
    readonly emit: (from: OnnxNode) => string;
  },
): string {
  const [x = '', weight = '', ...bias] = source.inputs;
  const pads = source.ints('pads') ?? [0, 0, 0, 0, 0, 0];
  const ofOnePlace = [2, 1, 0].filter((axis) => by.size[axis] === 1);
  const along = ofOnePlace.find(
    (axis) =>
      (source.ints('strides')?.[axis] ?? 1) === 1 && pads[axis] === 0 && pads[axis + 3] === 0,
  );
  if (along === undefined) {
    const axes = ofOnePlace.map((axis) => `axis ${axis + 2}`).toReversed();
    throw unsupportedAttribute(source, `strides or pads along ${axes.join(' and ')}`);
  }
  const others = [0, 1, 2].filter((axis) => axis !== along);
  const sizes = by.context.shapeOf(x);
  const [channels, places] = [sizes[1]!, sizes[2 + along]!];
  const kept = others.map((axis) => 2 + axis);
  const permuted = compose.op('Transpose', [x], { permutation: [0, 2 + along, 1, ...kept] });
  const images = compose.op('Reshape', [permuted], {
    shape: [-1, channels, ...kept.map((axis) => sizes[axis]!)],
  });
  const kernel = compose.op('Squeeze', [weight], { axes: [2 + along] });
  const pair = (name: string) => others.map((axis) => source.ints(name)?.[axis] ?? 1);
  const filtered = by.emit(
    source.changed({
      ints: {
        kernel_shape: others.map((axis) => by.size[axis]!),
        strides: pair('strides'),
        dilations: pair('dilations'),
        pads: [...others.map((axis) => pads[axis]!), ...others.map((axis) => pads[axis + 3]!)],
      },
      inputs: [images, kernel, ...bias],
    }),
  );
  const filters = by.context.shapeOf(weight)[0]!;
  const out = others.map((axis, i) =>
    convolvedSize(
      sizes[2 + axis]!,
      by.size[axis]!,
      pair('strides')[i]!,
      pair('dilations')[i]!,
      pads[axis]!,
      pads[axis + 3]!,
    ),
  );
  const apart = compose.op('Reshape', [filtered], { shape: [-1, places, filters, ...out] });
  const back = [0, 2, 3, 4].toSpliced(2 + along, 0, 1);
  return compose.op('Transpose', [apart], { permutation: back });
}

/** A pool over the first of three axes, as PyTorch writes local response normalisation. */
function overDepth(
  compose: Composition,
  source: OnnxNode,
  context: ExpansionContext,
  emit: (from: OnnxNode) => string,
): string {
  const x = source.inputs[0]!;
  const [, , depth = 1, height = 1, width = 1] = context.shapeOf(x);
  const rows = compose.op('Reshape', [x], { shape: [0, 0, depth, height * width] });
  const first = (name: string) => [source.ints(name)?.[0] ?? 1, 1];
  const pads = source.ints('pads') ?? [0, 0, 0, 0, 0, 0];
  if (
    source
      .ints('strides')
      ?.slice(1)
      .some((stride) => stride !== 1)
  ) {
    throw unsupportedAttribute(source, 'strides in three dimensions');
  }
  if ([1, 2, 4, 5].some((place) => pads[place] !== 0)) {
    throw unsupportedAttribute(source, 'pads in three dimensions');
  }
  const pooled = emit(
    source.changed({
      ints: {
        kernel_shape: first('kernel_shape'),
        strides: first('strides'),
        dilations: first('dilations'),
        pads: [pads[0]!, 0, pads[3]!, 0],
      },
      inputs: [rows],
    }),
  );
  return compose.op('Reshape', [pooled], { shape: [0, 0, -1, height, width] });
}

/** `auto_pad` that keeps sizes, as TensorFlow's exporters write it, in numbers. Source: ONNX Conv. */
function withWrittenPads(source: OnnxNode, context: ExpansionContext): OnnxNode {
  const mode = source.string('auto_pad', 'NOTSET');
  if ((mode !== 'SAME_UPPER' && mode !== 'SAME_LOWER') || source.opType === 'ConvTranspose') {
    return source;
  }
  const sizes = context.shapeOf(source.inputs[0]!).slice(2);
  const weight = source.opType === 'Conv' ? context.shapeOf(source.inputs[1]!).slice(2) : [];
  const kernel = source.ints('kernel_shape') ?? weight;
  const all = sizes.map((size, axis) => {
    const stride = source.ints('strides')?.[axis] ?? 1;
    const dilation = source.ints('dilations')?.[axis] ?? 1;
    const wanted = Math.ceil(size / stride);
    let pad = 0;
    while (convolvedSize(size, kernel[axis]!, stride, dilation, 0, pad) < wanted) pad++;
    return pad;
  });
  const less = all.map((pad) => Math.floor(pad / 2));
  const more = all.map((pad, axis) => pad - less[axis]!);
  const pads = mode === 'SAME_UPPER' ? [...less, ...more] : [...more, ...less];
  return source.changed({ ints: { pads }, strings: { auto_pad: 'NOTSET' } });
}
