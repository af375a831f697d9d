/**
 * Turns the nodes of an ONNX file into nodes of a graph, one after the other, working out constants and shapes
 * as it goes.
 */
import { WorkbenchError } from '../../errors.ts';
import type { GraphInput, Initializer, Node, Shape } from '../graph.ts';
import { inferNode } from '../infer-shapes.ts';
import { composedInputs } from '../operators/composed.ts';
import {
  unsupportedAttribute,
  type ExpandedNode,
  type ExpansionContext,
} from '../operators/operator.ts';
import { elements } from '../shape.ts';
import { nodeInInference } from '../forms.ts';
import { expansionOf, readableOperator, requiredInputs } from './expansions.ts';
import { constantOfNode } from './constant-node.ts';
import { byComputedStatistics } from './computed-statistics.ts';
import { foldConstant } from './fold.ts';
import { FoldMemo } from './fold-memo.ts';
import { mostFoldedNumbers, mostNodes, tooManyNodes, tooMuchFolded } from './limits.ts';
import { floatTypes, OnnxNode, type OnnxTensor } from './node.ts';
import { moduleNameOf } from './module-names.ts';
import { Randomness } from './randomness.ts';
import { integerArithmetic, unsupported, unsupportedDomain } from './refusals.ts';
import { Sequences } from './sequences.ts';
import { wholeView } from './strided-gather.ts';
import { Truths } from './truths.ts';
import {
  readAttribute,
  readTensor,
  type ExternalData,
  type IAttributeProto,
  type INodeProto,
} from './tensor.ts';

interface Source {
  readonly label: string;
  readonly opset: number;
  /** This product wrote the file. */
  readonly own: boolean;
  /** In inference form, whatever the file says. */
  readonly deployed: boolean;
  readonly external?: ExternalData | undefined;
}

export class NodeReader {
  readonly nodes: Node[] = [];
  readonly shapes = new Map<string, Shape>();
  /** Names of nodes -> modules of which they are parts. */
  readonly modules = new Map<string, string>();
  private readonly label: string;
  private readonly opset: number;
  private readonly own: boolean;
  private readonly deployed: boolean;
  private readonly external: ExternalData | undefined;
  private readonly constants = new Map<string, OnnxTensor>();
  /** Names that an input, initialiser or node has already taken. */
  private readonly made = new Set<string>();
  /** Constants of formulas, which are not parameters. */
  private readonly formula = new Set<string>();
  private readonly randomness: Randomness;
  private readonly sequences = new Sequences();
  // Truth that a file holds is kept as whole numbers.
  private readonly truths = new Truths((value) => this.constants.get(value)?.type === 'int64');
  /** What nodes compute from constants alone. */
  private readonly ofWeights = new Set<string>();
  /** How many numbers folding has read and given so far. */
  private foldedNumbers = 0;
  private readonly memo = new FoldMemo();
  /** An alias of a constant -> its real name: exporters share weights through Identity. */
  private readonly aliases = new Map<string, string>();

  constructor(source: Source) {
    this.label = source.label;
    this.opset = source.opset;
    this.own = source.own;
    this.deployed = source.deployed;
    this.external = source.external;
    this.randomness = new Randomness();
  }

  /** How many times the file draws random numbers, as it does where drop path is left on. */
  get randomDraws(): number {
    return this.randomness.draws;
  }

  /** The name by which a value is known. A leading colon marks names that were made up here. */
  resolved(name: string): string {
    const known = name.startsWith(':') ? `_${name}` : name;
    return this.aliases.get(known) ?? known;
  }

  /** Undefined where it is not known. */
  shapeOf(value: string): Shape | undefined {
    return this.shapes.get(this.resolved(value));
  }

  addInitializer(name: string, tensor: OnnxTensor): void {
    const known = this.define(name, 'an initialiser');
    this.addConstant(known, tensor);
    // ONNX does not distinguish weights from constants of a formula; the mark does, in files that this product
    // wrote.
    if (this.own && name.startsWith(':')) this.formula.add(known);
  }

  /** Names of nodes -> modules, as their names or what the file says of their outputs has it. */
  modulesOf(scopes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    if (scopes.size === 0) return this.modules;
    const named = this.nodes.flatMap(({ name, outputs }) => {
      const module = scopes.get(outputs[0]!);
      return module === undefined ? [] : ([[name, module]] as const);
    });
    return new Map([...this.modules, ...named]);
  }

  /** An input whose numbers are known: a constant of the formula, which nothing trains. */
  addFormulaInput(name: string, tensor: OnnxTensor): void {
    const known = this.define(name, 'an input');
    this.addConstant(known, tensor);
    this.formula.add(known);
  }

  /** @returns false where the input only repeats an initialiser, as old files have it. */
  addInput({ name, shape }: GraphInput, batchSize: number): boolean {
    if (this.constants.has(this.resolved(name))) return false;
    const known = this.define(name, 'an input');
    const bound = shape.map((size, axis) => (axis === 0 ? batchSize : size));
    // Without the input's sizes nothing can be inferred yet, nor does it have to be.
    if (bound.every((size) => size !== null)) this.shapes.set(known, bound);
    return true;
  }

  /** Float constants that nodes read become initialisers; integers have become attributes. */
  usedInitializers(): ReadonlyMap<string, Initializer> {
    const used = new Map<string, Initializer>();
    for (const name of this.nodes.flatMap(({ inputs }) => inputs)) {
      const tensor = this.constants.get(name);
      if (tensor?.type !== 'float32' || used.has(name)) continue;
      const { shape, data } = tensor;
      const constant = this.formula.has(name) ? { constant: true } : {};
      used.set(name, { shape, values: { kind: 'data', data }, ...constant });
    }
    return used;
  }

  /** Every value is defined exactly once. */
  private define(name: string, what: string): string {
    const known = this.resolved(name);
    if (known === '' || this.made.has(known)) {
      throw new WorkbenchError(
        'onnx-malformed',
        `${this.label} has ${what} named "${name}", ${known === '' ? 'which is not a name' : 'a name that is already in use'}.`,
        'The file is damaged. Export it again.',
      );
    }
    this.made.add(known);
    return known;
  }

  /** @throws WorkbenchError `unsupported-operator`, `shape-mismatch`, `onnx-malformed`, `model-too-large`. */
  read(proto: INodeProto, name: string): void {
    try {
      this.take(proto, name);
    } catch (error) {
      throw error instanceof WorkbenchError ? error.atNode(name) : error;
    }
  }

  private take(proto: INodeProto, name: string): void {
    const opType = proto.opType ?? '';
    const outputs = (proto.output ?? []).map((output) =>
      output === '' ? '' : this.define(output, `an output of ${opType} node "${name}"`),
    );
    const source = new OnnxNode({
      name,
      opType,
      opset: this.opset,
      inputs: (proto.input ?? []).map((input) => this.resolved(input)),
      outputs,
      attributes: new Map(
        (proto.attribute ?? []).map((attribute: IAttributeProto) => [
          attribute.name ?? '',
          readAttribute(attribute, this.label, this.external),
        ]),
      ),
      constants: this.constants,
    });
    const module = moduleNameOf(proto);
    if (module !== null) this.modules.set(name, module);
    const domain = proto.domain ?? '';
    if (domain !== '' && domain !== 'ai.onnx') throw unsupportedDomain(domain, opType, name);
    this.checkArity(source);
    this.truths.read(source);
    if (opType === 'If' && this.takeBranch(source, proto)) return;
    if (this.takeSequence(source)) return;
    if (this.randomness.takes(source)) {
      this.shapes.set(source.outputs[0]!, this.shapes.get(source.inputs[0]!) ?? []);
      return;
    }
    const expected = this.randomness.expected(source);
    if (expected !== null) {
      const data = Float32Array.of(expected);
      this.addConstant(source.outputs[0]!, { shape: [], type: 'float32', data, integers: [] });
      this.formula.add(source.outputs[0]!);
      return;
    }
    if (this.takeConstant(source)) return;
    this.refuseWholeNumbers(source);
    for (const node of this.translated(source)) {
      if (this.nodes.length === mostNodes) throw tooManyNodes(this.label);
      const whole = node.inputs.find((input) => this.constants.get(input)?.type === 'int64');
      if (whole !== undefined) throw integerArithmetic(source, whole);
      this.nodes.push(node);
      const given = node.inputs.filter((input) => input !== '');
      if (given.every((input) => this.isOfWeights(input))) this.ofWeights.add(node.outputs[0]!);
      // Without the sizes of the input nothing can be inferred, and nothing has to be yet.
      if (node.inputs.every((input) => input === '' || this.shapes.has(input))) {
        inferNode(node, this.shapes);
      }
    }
  }

  /** What is computed from integers alone is a constant; one that is too large to fold is no part of a network. */
  private refuseWholeNumbers(source: OnnxNode): void {
    const inputs = source.inputs.filter((name) => name !== '');
    if (!Object.hasOwn(composedInputs, source.opType)) return;
    if (!inputs.every((name) => this.constants.has(name))) return;
    const whole = inputs.find((name) => this.constants.get(name)!.type === 'int64');
    if (whole !== undefined) throw integerArithmetic(source, whole);
  }

  /** A choice that the file has made already: only the branch that is taken is read. */
  private takeBranch(source: OnnxNode, proto: INodeProto): boolean {
    const condition = source.constantTensor(0);
    if (!condition) throw unsupportedAttribute(source, 'a condition that depends on the images');
    const holds = (condition.type === 'int64' ? condition.integers : condition.data)[0] !== 0;
    const wanted = holds ? 'then_branch' : 'else_branch';
    const branch = proto.attribute?.find(({ name }) => name === wanted)?.g;
    if (!branch) throw unsupportedAttribute(source, `no ${wanted}`);
    for (const tensor of branch.initializer ?? []) {
      this.addInitializer(tensor.name ?? '', readTensor(tensor, this.label, this.external));
    }
    (branch.node ?? []).forEach((node, i) => this.read(node, node.name || `${source.name}.${i}`));
    (branch.output ?? []).forEach(({ name }, i) => {
      const output = source.outputs[i];
      if (output) this.aliases.set(output, this.resolved(name ?? ''));
    });
    return true;
  }

  /** Lists of values are looked through: what reads their parts reads those values. */
  private takeSequence(source: OnnxNode): boolean {
    const found = this.sequences.read(source, (value) => this.shapes.get(value));
    if (!found) return false;
    for (const node of found.nodes) this.read(node, node.name!);
    if (found.same !== null) this.aliases.set(source.outputs[0]!, this.resolved(found.same));
    return true;
  }

  private checkArity({ opType, name, inputs, outputs }: OnnxNode): void {
    const required = requiredInputs(opType);
    const given = inputs.slice(0, required).filter((input) => input !== '').length;
    if (given === required && outputs[0]) return;
    throw new WorkbenchError(
      'onnx-malformed',
      `${opType} node "${name}" needs ${required} input(s) and an output, but some are missing.`,
      'The file is damaged or was not written by an ONNX exporter. Export it again.',
    );
  }

  /** True where the node is a constant that the graph does not need. */
  private takeConstant(source: OnnxNode): boolean {
    const output = source.outputs[0]!;
    if (source.opType === 'Constant') {
      this.addConstant(output, constantOfNode(source));
      this.formula.add(output);
      return true;
    }
    const input = source.inputs[0]!;
    if (
      this.constants.has(input) &&
      (source.opType === 'Identity' || source.opType === 'Dropout' || this.staysFloat(source))
    ) {
      this.aliases.set(output, input);
      return true;
    }
    const folded = this.folded(source);
    if (!folded) return false;
    this.addConstant(output, folded);
    this.formula.add(output);
    return true;
  }

  private folded(source: OnnxNode): OnnxTensor | null {
    // A weight may have the very numbers of a formula, and is trained.
    const formulas = source.inputs.map((value) => (this.formula.has(value) ? 'f' : 'w')).join('');
    const named = this.memo.keyOf(source);
    const key = named && formulas + named;
    const known = this.memo.find(key);
    if (known) return known;
    const folded = foldConstant(
      source,
      (value) => this.shapes.get(value),
      (value) => this.formula.has(value),
      (numbers) => this.spend(numbers),
    );
    if (!folded) return null;
    this.spend(elements(folded.shape));
    this.memo.add(key, folded);
    return folded;
  }

  /** Counts numbers that folding reads and gives: a result may be one number of a large table. */
  private spend(numbers: number): void {
    this.foldedNumbers += numbers;
    if (this.foldedNumbers > mostFoldedNumbers) throw tooMuchFolded(this.label);
  }

  /** Weights that are cast to what they are already. */
  private staysFloat(source: OnnxNode): boolean {
    if (this.constants.get(source.inputs[0]!)?.type !== 'float32') return false;
    if (source.opType === 'CastLike') {
      const like = this.constants.get(source.inputs[1] ?? '');
      return like === undefined || like.type === 'float32';
    }
    return source.opType === 'Cast' && floatTypes.has(source.int('to', 1));
  }

  private isOfWeights(value: string): boolean {
    return this.constants.has(value) || this.ofWeights.has(value);
  }

  private addConstant(name: string, tensor: OnnxTensor): void {
    this.constants.set(name, tensor);
    this.shapes.set(name, tensor.shape);
  }

  private translated(source: OnnxNode): readonly Node[] {
    const { name, opType, outputs } = source;
    const expand = expansionOf(opType);
    const context = this.expansionContext(source);
    const apart =
      wholeView(source, this.shapes.get(source.inputs[0] ?? '')) ??
      byComputedStatistics(source, context, (value) => this.isOfWeights(value));
    if (expand || apart) {
      const nodes = apart ?? expand!(source, context);
      const named = (node: ExpandedNode, i: number) =>
        ({
          ...node,
          name: nodes.length === 1 ? name : `${name}.${i}`,
          inputs: trimmed(node.inputs),
        }) as Node;
      return nodes.map(named);
    }
    const definition = readableOperator(opType);
    if (!definition?.read) throw unsupported(opType, name);
    const { inputs, attributes } = definition.read(source);
    const node = {
      kind: definition.kind,
      name,
      inputs: trimmed(inputs),
      outputs: outputs.slice(0, 1),
      attributes,
    };
    const read = node as unknown as Node;
    return [this.deployed ? nodeInInference(read) : read];
  }

  private expansionContext(source: OnnxNode): ExpansionContext {
    return {
      shapeOf: (value) => {
        const shape = this.shapes.get(value);
        if (shape) return shape;
        throw unsupportedAttribute(source, 'an input of unknown size');
      },
      knownShape: (value) => this.shapes.get(value),
      constant: (shape, value) => {
        const constant = `:constant${shape.join('x')}:${value}`;
        const data = new Float32Array(elements(shape)).fill(value);
        this.addConstant(constant, { shape, type: 'float32', data, integers: [] });
        this.formula.add(constant);
        return constant;
      },
      isTruth: (value) => this.truths.has(value),
      asFloats: (value) => {
        const tensor = this.constants.get(value);
        if (tensor?.type !== 'int64') return value;
        const floats = `${value}:floats`;
        if (this.constants.has(floats)) return floats;
        const data = Float32Array.from(tensor.integers);
        this.addConstant(floats, { shape: tensor.shape, type: 'float32', data, integers: [] });
        this.formula.add(floats);
        return floats;
      },
    };
  }
}

/** Optional inputs at the end may be written as empty names. */
function trimmed(inputs: readonly string[]): readonly string[] {
  let length = inputs.length;
  while (length > 0 && inputs[length - 1] === '') length--;
  return inputs.slice(0, length);
}
