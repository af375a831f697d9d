/**
 * A graph as plain JSON and back: how a run keeps networks that no description can build again. What is read is
 * checked like any network from elsewhere: known operators, every value made before it is used, shapes that fit.
 */
import { z } from 'zod';
import { WorkbenchError } from '../errors.ts';
import type { Graph, Initializer, InitialValues, Node } from './graph.ts';
import { inferShapes } from './infer-shapes.ts';
import { operators } from './operators/index.ts';
import { elements } from './shape.ts';

/** Numbers are kept as the bytes of float32, little-endian, in base64. */
const floats = z.strictObject({ float32: z.string() });
const plain = z.union([z.number(), z.boolean(), z.string(), z.null()]);
const attribute = z.union([
  plain,
  z.array(z.number()),
  floats,
  z.record(z.string(), z.union([plain, z.array(z.number())])),
]);
const side = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31);
const name = z.string().max(10_000);

const values = z.union([
  z.strictObject({ kind: z.literal('constant'), value: z.number() }),
  z.strictObject({
    kind: z.literal('random'),
    scheme: z.enum(['pytorch-default', 'kaiming-normal-fan-out']),
    seed: z.number().int(),
    inputsFirst: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('data'), data: floats }),
]);

export const graphDataSchema = z.strictObject({
  name,
  inputs: z
    .array(
      z.strictObject({
        name,
        shape: z.array(side.nullable()).max(16),
        type: z.enum(['float32', 'int64']),
      }),
    )
    .min(1),
  outputs: z.array(name).min(1),
  nodes: z.array(
    z.strictObject({
      name,
      kind: z.enum(Object.keys(operators)),
      inputs: z.array(name),
      outputs: z.array(name).min(1),
      attributes: z.record(z.string(), attribute),
    }),
  ),
  initializers: z.array(
    z.tuple([
      name,
      z.strictObject({
        shape: z.array(side).max(16),
        values,
        constant: z.boolean().optional(),
      }),
    ]),
  ),
});
export type GraphData = z.infer<typeof graphDataSchema>;

/** Throws nothing: every graph has such a form. */
export function graphData({ name, inputs, outputs, nodes, initializers }: Graph): GraphData {
  return {
    name,
    inputs: inputs.map((input) => ({ ...input, shape: [...input.shape] })),
    outputs: [...outputs],
    nodes: nodes.map((node) => ({
      ...{ name: node.name, kind: node.kind },
      ...{ inputs: [...node.inputs], outputs: [...node.outputs] },
      attributes: written(node.attributes) as GraphData['nodes'][number]['attributes'],
    })),
    initializers: [...initializers].map(([key, { shape, values, constant }]) => [
      key,
      {
        shape: [...shape],
        values: writtenValues(values),
        ...(constant !== undefined && { constant }),
      },
    ]),
  };
}

function writtenValues(values: InitialValues): GraphData['initializers'][number][1]['values'] {
  switch (values.kind) {
    case 'constant':
      return { kind: 'constant', value: values.value };
    case 'data':
      return { kind: 'data', data: { float32: base64(values.data) } };
    case 'random': {
      const { scheme, seed, inputsFirst } = values;
      return { kind: 'random', scheme, seed, ...(inputsFirst !== undefined && { inputsFirst }) };
    }
  }
}

function written(attributes: object): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]: [string, unknown]) => [
      key,
      value instanceof Float32Array ? { float32: base64(value) } : value,
    ]),
  );
}

const base64 = (data: Float32Array): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');

/**
 * @param data what `graphData` gave, perhaps changed by anybody since
 * Throws `network-damaged`.
 */
export function graphOfData(data: unknown): Graph {
  const checked = graphDataSchema.safeParse(data);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    throw damaged(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, checked.error);
  }
  const { name, inputs, outputs, nodes, initializers } = checked.data;
  try {
    const graph: Graph = {
      ...{ name, inputs, outputs },
      nodes: nodes.map(
        (node) => ({ ...node, attributes: readAttributes(node.attributes) }) as unknown as Node,
      ),
      initializers: new Map(initializers.map(([key, one]) => [key, initializerOf(one)])),
    };
    assertInOrder(graph);
    inferShapes(graph, 2);
    return graph;
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error), error);
  }
}

function initializerOf({ shape, values, constant }: GraphData['initializers'][number][1]) {
  const initializer: Initializer = {
    shape,
    values: values.kind === 'data' ? { kind: 'data', data: floatsOf(values.data.float32) } : values,
    ...(constant !== undefined && { constant }),
  };
  if (initializer.values.kind === 'data' && initializer.values.data.length !== elements(shape))
    throw new RangeError('an initialiser does not have as many numbers as its shape says');
  return initializer;
}

function readAttributes(attributes: GraphData['nodes'][number]['attributes']): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => {
      const isFloats = typeof value === 'object' && value !== null && 'float32' in value;
      return [key, isFloats ? floatsOf(String(value.float32)) : value];
    }),
  );
}

function floatsOf(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % 4 !== 0) throw new RangeError('numbers are cut off');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Nobody reads a value before it is made, and none is made twice. */
function assertInOrder({ inputs, nodes, initializers }: Graph): void {
  const made = new Set([...inputs.map((input) => input.name), ...initializers.keys(), '']);
  for (const node of nodes) {
    const missing = node.inputs.find((input) => !made.has(input));
    if (missing !== undefined)
      throw new RangeError(`${node.name} reads ${missing}, which is not there`);
    for (const output of node.outputs) {
      if (made.has(output)) throw new RangeError(`${output} is made twice`);
      made.add(output);
    }
  }
}

function damaged(reason: string, cause: unknown): WorkbenchError {
  return new WorkbenchError(
    'network-damaged',
    `The network that is stored here is damaged: ${reason}`,
    'Take the file from its origin again.',
    { cause },
  );
}
