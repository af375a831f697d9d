/** The operators of a model file and who reads whom, as they stand in the file. Pure. */
import type onnxProto from 'onnx-proto';
import type { ModelBox } from '../../common/model-graph.ts';
import { WorkbenchError } from '../../errors.ts';
import { namedInOrder, readBy } from '../../graph/onnx/node-order.ts';
import type { INodeProto } from '../../graph/onnx/tensor.ts';
import { elements } from '../../graph/shape.ts';
import { integer } from '../../common/figures.ts';
import { shapeText, shownName, statedShape } from './words.ts';

type IGraphProto = onnxProto.onnx.IGraphProto;
type ITensorProto = onnxProto.onnx.ITensorProto;
type IValueInfoProto = onnxProto.onnx.IValueInfoProto;

/** More could be neither laid out in reasonable time nor told apart. */
export const mostDrawnNodes = 20_000;

/** What a box stands for. */
export type BoxSource =
  | { readonly kind: 'input' | 'output'; readonly value: IValueInfoProto }
  | { readonly kind: 'operator'; readonly node: INodeProto };

export interface Outline {
  readonly boxes: readonly ModelBox[];
  /** For each box. */
  readonly sources: readonly BoxSource[];
  /** Weights and constants by their names. */
  readonly tensors: ReadonlyMap<string, ITensorProto>;
  readonly stated: ReadonlyMap<string, IValueInfoProto>;
  /** Name of a node, as errors have it, -> its box, or that of what reads it where it is a constant. */
  boxOf(node: string): number | null;
}

/** Tells the shape of a value, where the file does not state it. */
export type ShapeOf = (value: string) => readonly number[] | undefined;

/** @throws WorkbenchError `graph-too-large` */
export function assertDrawable({ node }: IGraphProto, label: string): void {
  const count = node?.length ?? 0;
  if (count <= mostDrawnNodes) return;
  throw new WorkbenchError(
    'graph-too-large',
    `${label} has ${integer(count)} nodes; up to ${integer(mostDrawnNodes)} are drawn.`,
    'Simplify the model with onnxsim, or export a part of it.',
  );
}

export function outlineOf(graph: IGraphProto, shapeOf: ShapeOf): Outline {
  const named = namedInOrder(graph.node ?? []);
  const tensors = new Map((graph.initializer ?? []).map((one) => [one.name ?? '', one]));
  for (const { node } of named) {
    const value = node.opType === 'Constant' ? constantOf(node) : null;
    if (value) tensors.set(node.output?.[0] ?? '', value);
  }
  const infos = [...(graph.input ?? []), ...(graph.output ?? []), ...(graph.valueInfo ?? [])];
  const stated = new Map(infos.map((info) => [info.name ?? '', info]));
  const shapeAt = (value: string): string => {
    const sizes = statedShape(stated.get(value)?.type) ?? shapeOf(value);
    return sizes ? shapeText(sizes) : '';
  };

  const boxes: ModelBox[] = [];
  const sources: BoxSource[] = [];
  const madeBy = new Map<string, number>();
  const byName = new Map<string, number>();
  const constants = new Map<string, string>();
  const add = (box: ModelBox, source: BoxSource): void => {
    boxes.push(box);
    sources.push(source);
  };
  const readsOf = (values: readonly string[]): number[] => [
    ...new Set(values.flatMap((value) => madeBy.get(value) ?? [])),
  ];
  for (const value of graph.input ?? []) {
    const name = value.name ?? '';
    if (tensors.has(name)) continue; // old files list weights among the inputs
    madeBy.set(name, boxes.length);
    add(edge('input', name, shapeAt(name), []), { kind: 'input', value });
  }
  for (const { node, name } of named) {
    const outputs = node.output ?? [];
    if (node.opType === 'Constant' && tensors.has(outputs[0] ?? '')) {
      constants.set(name, outputs[0]!);
      continue;
    }
    const box: ModelBox = {
      kind: 'operator',
      title: shownName([node.domain, node.opType ?? '?'].filter(Boolean).join('.')),
      name: shownName(name),
      shape: shapeAt(outputs[0] ?? ''),
      from: readsOf(readBy(node)),
      parameters: parametersOf(node.input ?? [], tensors),
    };
    byName.set(name, boxes.length);
    for (const value of outputs) if (value !== '') madeBy.set(value, boxes.length);
    add(box, { kind: 'operator', node });
  }
  for (const value of graph.output ?? []) {
    const name = value.name ?? '';
    add(edge('output', name, shapeAt(name), readsOf([name])), { kind: 'output', value });
  }
  return {
    ...{ boxes, sources, tensors, stated },
    boxOf(node) {
      // What was made of a node while it was read is called after it, with a number.
      const found = byName.get(node) ?? byName.get(node.replace(/\.\d+$/, ''));
      if (found !== undefined) return found;
      const value = constants.get(node);
      if (value === undefined) return null;
      const reader = sources.findIndex(
        (source) => source.kind === 'operator' && (source.node.input ?? []).includes(value),
      );
      return reader < 0 ? null : reader;
    },
  };
}

const edge = (kind: 'input' | 'output', name: string, shape: string, from: number[]): ModelBox => ({
  ...{ kind, title: shownName(name), name: shownName(name), shape, from },
  parameters: 0,
});

const constantOf = (node: INodeProto): ITensorProto | null =>
  node.attribute?.find(({ name }) => name === 'value')?.t ?? null;

/** Numbers of the weights among some values: what is stored in the file as tensors of more than one number. */
function parametersOf(
  values: readonly string[],
  tensors: ReadonlyMap<string, ITensorProto>,
): number {
  return values.reduce((sum, value) => sum + numbersOf(tensors.get(value)), 0);
}

/** Of weights: whole numbers of 64 bits are shapes and axes. */
export function numbersOf(tensor: ITensorProto | undefined): number {
  const int64 = 7;
  if (!tensor || tensor.dataType === int64) return 0;
  const count = elements((tensor.dims ?? []).map(Number));
  return Number.isFinite(count) && count > 1 ? count : 0;
}
