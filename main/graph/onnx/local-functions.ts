/** Functions that a model defines for itself: each call is replaced by the nodes of which the function is made. */
import onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import { mostNodes, tooManyNodes } from './limits.ts';
import { contents } from './message-fields.ts';
import type { IAttributeProto, IModelProto, INodeProto } from './tensor.ts';

type IFunctionProto = onnxProto.onnx.IFunctionProto;
type IGraphProto = onnxProto.onnx.IGraphProto;

const { AttributeProto } = onnxProto.onnx;

/** Functions that call functions, and so on: what is deeper is no network. */
const mostDepth = 100;

/**
 * Replaces calls in place. A function that computes by another version of ONNX's operators than the model stays a call,
 * which is refused as an operator of its name where it is read. So does one of several of the same name: which of them
 * a call means is in a field that came into the format later than the library that decodes files (`overload`).
 * @throws WorkbenchError `onnx-malformed` where functions call each other in a circle, `model-too-large`
 */
export function inlineFunctions(model: IModelProto, bytes: Uint8Array, label: string): void {
  if (!model.functions?.length) return;
  const opset = opsetOf(model.opsetImport);
  const functions = new Map<string, LocalFunction>();
  const defaults = defaultsOf(bytes);
  const names = model.functions.map(({ domain, name }) => nameOf(domain, name));
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const name of names) (seen.has(name) ? shared : seen).add(name);
  for (const [i, one] of model.functions.entries()) {
    const name = names[i]!;
    const own = opsetOf(one.opsetImport);
    if (own !== null && own !== opset) continue;
    if (shared.has(name)) continue;
    functions.set(name, { ...one, defaults: defaults[i] ?? [] });
  }
  if (functions.size === 0 || !model.graph) return;
  new Inlining(functions, model.graph, label).inGraph(model.graph);
}

interface LocalFunction extends IFunctionProto {
  /** Of attributes that a call may leave out. */
  readonly defaults: readonly IAttributeProto[];
}

/**
 * For every function of a file: a field that came into the format later than the library that decodes files
 * (onnx.proto: ModelProto.functions 25, FunctionProto.attribute_proto 11).
 */
const defaultsOf = (bytes: Uint8Array): readonly (readonly IAttributeProto[])[] =>
  contents(bytes, 25).map((one) =>
    contents(one, 11).map((content) => AttributeProto.decode(content)),
  );

const nameOf = (domain: string | null | undefined, name: string | null | undefined): string =>
  `${domain ?? ''}\0${name ?? ''}`;

function opsetOf(imports: IModelProto['opsetImport']): number | null {
  const own = imports?.find(({ domain }) => !domain || domain === 'ai.onnx');
  return own ? Number(own.version) : null;
}

/** What the nodes of a function get from where it is called. */
interface Call {
  readonly prefix: string;
  readonly attributes: readonly IAttributeProto[];
  readonly renamed: (name: string) => string;
}

class Inlining {
  readonly #functions: ReadonlyMap<string, LocalFunction>;
  readonly #label: string;
  readonly #taken = new Set<string>();
  /** Name -> the last number that was put behind it. */
  readonly #numbers = new Map<string, number>();
  #nodes = 0;

  constructor(functions: ReadonlyMap<string, LocalFunction>, graph: IGraphProto, label: string) {
    this.#functions = functions;
    this.#label = label;
    this.#take(graph);
  }

  inGraph(graph: IGraphProto): void {
    graph.node = this.#inlined(graph.node ?? [], []);
  }

  /** @param open the functions whose nodes these are, from the outermost on */
  #inlined(nodes: readonly INodeProto[], open: readonly LocalFunction[]): INodeProto[] {
    return nodes.flatMap((node): INodeProto[] => {
      if ((this.#nodes += 1) > mostNodes) throw tooManyNodes(this.#label);
      for (const { g } of node.attribute ?? []) if (g) g.node = this.#inlined(g.node ?? [], open);
      const called = this.#functions.get(nameOf(node.domain, node.opType));
      if (!called) return [node];
      if (open.includes(called)) throw circular(called, this.#label);
      if (open.length >= mostDepth) throw tooManyNodes(this.#label);
      return this.#inlined(this.#bodyOf(called, node), [...open, called]);
    });
  }

  /** The nodes of a function with the names that their values have where it is called. */
  #bodyOf(called: LocalFunction, call: INodeProto): INodeProto[] {
    const prefix = call.name?.trim() ? call.name : (called.name ?? 'function');
    const names = new Map<string, string>([['', '']]);
    called.input?.forEach((name, i) => names.set(name, call.input?.[i] ?? ''));
    const passed: INodeProto[] = [];
    called.output?.forEach((name, i) => {
      const given = call.output?.[i];
      if (!given) return;
      const known = names.get(name);
      if (known === undefined) names.set(name, given);
      // An input, or what is another output already.
      else passed.push({ ...{ opType: 'Identity', name: given }, input: [known], output: [given] });
    });
    const renamed = (name: string): string => {
      const known = names.get(name);
      if (known !== undefined) return known;
      const own = this.#free(`${prefix}/${name}`);
      names.set(name, own);
      return own;
    };
    const attributes = [...(call.attribute ?? []), ...called.defaults];
    const nodes = called.node ?? [];
    return [...nodes.map((node) => this.#copied(node, { prefix, attributes, renamed })), ...passed];
  }

  #copied(node: INodeProto, called: Call): INodeProto {
    const { prefix, attributes, renamed } = called;
    const inGraph = (graph: IGraphProto): IGraphProto => ({
      ...graph,
      initializer: (graph.initializer ?? []).map((one) => ({
        ...one,
        name: renamed(one.name ?? ''),
      })),
      output: (graph.output ?? []).map((one) => ({ ...one, name: renamed(one.name ?? '') })),
      node: (graph.node ?? []).map((one) => this.#copied(one, called)),
    });
    const attribute = (node.attribute ?? []).flatMap((one): IAttributeProto[] => {
      if (one.refAttrName) return attributeOfCall(one, attributes);
      return [one.g ? { ...one, g: inGraph(one.g) } : one];
    });
    return {
      ...{ opType: node.opType ?? null, domain: node.domain ?? null, attribute },
      name: `${prefix}/${node.name?.trim() ? node.name : (node.opType ?? 'node')}`,
      input: (node.input ?? []).map(renamed),
      output: (node.output ?? []).map(renamed),
    };
  }

  #free(name: string): string {
    let free = name;
    let again = this.#numbers.get(name) ?? 1;
    while (this.#taken.has(free)) free = `${name}_${(again += 1)}`;
    this.#numbers.set(name, again);
    this.#taken.add(free);
    return free;
  }

  #take({ node, input, initializer }: IGraphProto): void {
    for (const { name } of [...(input ?? []), ...(initializer ?? [])]) this.#taken.add(name ?? '');
    for (const { output, attribute } of node ?? []) {
      for (const name of output ?? []) this.#taken.add(name);
      for (const { g } of attribute ?? []) if (g) this.#take(g);
    }
  }
}

/** What the call gives for an attribute of the function; nothing where it leaves that to the operator. */
function attributeOfCall(
  { name, refAttrName }: IAttributeProto,
  attributes: readonly IAttributeProto[],
): IAttributeProto[] {
  const given = attributes.find((one) => one.name === refAttrName);
  return given ? [{ ...given, name: name ?? '' }] : [];
}

const circular = ({ name }: IFunctionProto, label: string): WorkbenchError =>
  new WorkbenchError(
    'onnx-malformed',
    `The function "${name ?? ''}" of ${label} calls itself.`,
    'The file is damaged. Export it again.',
  );
