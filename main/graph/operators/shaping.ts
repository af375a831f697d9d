/** Flatten, Reshape and zero padding: operators that move values without changing them. */
import { elements, type Shape } from '../shape.ts';
import { shapeMismatch, unsupportedAttribute, type OperatorDefinition } from './operator.ts';
import type { DifferentiationContext } from './operator.ts';

const reshapeBack = (input: string, gradient: string, context: DifferentiationContext) =>
  context.needsGradient(input)
    ? context.emit('Reshape', [gradient], { shape: context.shapeOf(input) })
    : null;

export const flatten: OperatorDefinition<'Flatten'> = {
  kind: 'Flatten',
  traits: { view: true },
  infer(node, [x]) {
    const axis = node.attributes.axis < 0 ? node.attributes.axis + x.length : node.attributes.axis;
    if (axis < 0 || axis > x.length) throw shapeMismatch(node, [x], `axis ${axis} does not exist`);
    return [[elements(x.slice(0, axis)), elements(x.slice(axis))]];
  },
  differentiate: (node, outputGradient, context) => [
    reshapeBack(node.inputs[0]!, outputGradient, context),
  ],
  read: (source) => ({ inputs: source.inputs, attributes: { axis: source.int('axis', 1) } }),
  write(node, builder) {
    const axis = { int: node.attributes.axis };
    builder.node('Flatten', node.inputs, node.outputs, { axis }, node.name);
  },
};

export const reshape: OperatorDefinition<'Reshape'> = {
  kind: 'Reshape',
  traits: { view: true },
  requiredInputs: 2,
  infer(node, [x]): Shape[] {
    const wanted = node.attributes.shape;
    const copied = wanted.map((size, axis) => (size === 0 ? (x[axis] ?? 0) : size));
    const known = copied.filter((size) => size !== -1).reduce((a, b) => a * b, 1);
    const free = copied.filter((size) => size === -1).length;
    const out = copied.map((size) => (size === -1 ? elements(x) / known : size));
    if (free > 1 || out.some((size) => !Number.isInteger(size)) || elements(out) !== elements(x)) {
      throw shapeMismatch(node, [x], `it cannot become ${wanted.join(' x ')}`);
    }
    return [out];
  },
  differentiate: (node, outputGradient, context) => [
    reshapeBack(node.inputs[0]!, outputGradient, context),
  ],
  read(source) {
    const shape = source.constantIntegers(1);
    if (!shape) throw unsupportedAttribute(source, 'no shape');
    if (source.int('allowzero', 0) === 1 && shape.includes(0)) {
      throw unsupportedAttribute(source, 'allowzero=1');
    }
    return { inputs: source.inputs.slice(0, 1), attributes: { shape } };
  },
  write: (node, builder) => {
    builder.reshape(node.inputs[0]!, node.attributes.shape, node.outputs[0]);
  },
};

export const pad: OperatorDefinition<'Pad'> = {
  kind: 'Pad',
  infer(node, [x]) {
    const { pads } = node.attributes;
    if (pads.length !== 2 * x.length) {
      throw shapeMismatch(node, [x], `${pads.length} pads do not fit ${x.length} axes`);
    }
    const out = x.map((size, axis) => size + pads[axis]! + pads[axis + x.length]!);
    if (out.some((size) => size < 1))
      throw shapeMismatch(node, [x], 'nothing is left after cropping');
    return [out];
  },
  differentiate(node, outputGradient, context) {
    if (!context.needsGradient(node.inputs[0]!)) return [null];
    // The gradient of zero padding crops what was padded, and that of cropping pads it.
    const pads = node.attributes.pads.map((size) => -size || 0);
    return [context.emit('Pad', [outputGradient], { pads })];
  },
  read(source) {
    const mode = source.string('mode', 'constant');
    if (mode !== 'constant') throw unsupportedAttribute(source, `mode=${mode}`);
    const value = source.opset < 11 ? source.float('value', 0) : (source.constantFloat(2) ?? 0);
    if (value !== 0) throw unsupportedAttribute(source, `padding with ${value}`);
    if (source.inputs[3]) throw unsupportedAttribute(source, 'axes');
    const pads = source.ints('pads') ?? source.constantIntegers(1);
    if (!pads) throw unsupportedAttribute(source, 'no pads');
    return { inputs: source.inputs.slice(0, 1), attributes: { pads } };
  },
  write: (node, builder) => {
    builder.pad(node.inputs[0]!, node.attributes.pads, node.outputs[0]);
  },
};
