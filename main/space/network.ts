/** A described network: the decisions that it leaves open, and the graph once they are made. */
import { GraphBuilder } from '../graph/builder.ts';
import type { Graph } from '../graph/graph.ts';
import { hrnet } from './backbones/hrnet.ts';
import { cellEdges, nasBench201 } from './backbones/nas-bench-201.ts';
import { blocks } from './blocks/index.ts';
import { activate, convNorm, type Feature, type Style } from './blocks/parts.ts';
import {
  channelsOf,
  convolutionLabel,
  convolutionsOf,
  groupSizeOf,
  isOfferedFor,
  strideOf,
  valuesOf,
} from './choices.ts';
import { CountingBuilder, type NetworkCounts } from './counts.ts';
import type { Assignment, Decision, Option } from './decisions.ts';
import {
  cellOperations,
  type Backbone,
  type CellOperation,
  type Choice,
  type Head,
  type NetworkDescription,
  type Stage,
} from '../common/space-description.ts';
import { classifier } from './heads/classifier.ts';
import { efficientDet } from './heads/efficientdet.ts';
import { hrnetHead, upB } from './heads/segmentation.ts';
import type { ImageShape } from './space.ts';

type Alternatives<T> = { readonly gene: string; readonly oneOf: Readonly<Record<string, T>> };

export function isAlternatives<T extends object>(
  part: T | Alternatives<T>,
): part is Alternatives<T> {
  return 'oneOf' in part;
}

/** Every gene of the description, in the order in which genotypes are written. */
export function decisionsOf(network: NetworkDescription): Decision[] {
  return [
    ...partDecisions(network.backbone, 'backbone', backboneDecisions),
    ...partDecisions(network.head, 'head', headDecisions),
  ];
}

function partDecisions<T extends object>(
  part: T | Alternatives<T>,
  name: string,
  inside: (part: T, prefix: string) => Decision[],
): Decision[] {
  if (!isAlternatives(part)) return inside(part, '');
  const options = Object.entries(part.oneOf).map(([label, one], i): Option => ({
    value: i + 1,
    label,
    then: inside(one, `${label}.`),
  }));
  return [{ gene: part.gene, part: name, options }];
}

function backboneDecisions(backbone: Backbone, prefix: string): Decision[] {
  if (backbone.kind === 'hrnet') {
    const part = `${prefix}hrnet`;
    return [
      ...decision(backbone.width, `${prefix}width`, part),
      ...decision(backbone.bottlenecks, `${prefix}bottlenecks`, part),
      ...backbone.modules.flatMap((modules, i) =>
        decision(modules, `${prefix}modules${i + 2}`, part),
      ),
      ...decision(backbone.blocks, `${prefix}blocks`, part),
    ];
  }
  if (backbone.kind === 'nas-bench-201') return cellDecisions(backbone.operations, prefix);
  return [
    ...backbone.stem.flatMap(({ channels }, i) =>
      decision(channels, stemGene(prefix, i), `${prefix}stem`),
    ),
    ...backbone.stages.flatMap((stage, i) => stageDecisions(stage, `${prefix}stage${i + 1}`)),
  ];
}

/** Values count the operations from 1 on; 0 stands for a gene that a network lacks. */
function cellDecisions(offered: readonly CellOperation[], prefix: string): Decision[] {
  if (offered.length === 1) return [];
  return cellEdges.map(([from, to]) => ({
    gene: cellGene(prefix, from, to),
    part: `${prefix}cell`,
    options: offered.map((label) => ({
      value: cellOperations.indexOf(label) + 1,
      label,
      then: [],
    })),
  }));
}

const cellGene = (prefix: string, from: number, to: number) => `${prefix}edge${from}${to}`;

const stemGene = (prefix: string, layer: number) => `${prefix}stem${layer + 1}.channels`;

function stageDecisions(stage: Stage, part: string): Decision[] {
  const channels = channelsOf(stage);
  const optional = (name: 'kernel' | 'repeats' | 'expansion') =>
    name in stage
      ? decision((stage as Record<typeof name, Choice>)[name], `${part}.${name}`, part)
      : [];
  const width =
    channels === null
      ? []
      : decision(channels, `${part}.channels`, part, (value) =>
          isLimited(stage) ? convolutionDecision(stage, part, value) : [],
        );
  const fixedWidth = channels === null ? [0] : valuesOf(channels).values;
  const beside =
    isLimited(stage) && fixedWidth.length > 1
      ? []
      : convolutionDecision(stage, part, fixedWidth[0]!);
  return [
    ...optional('kernel'),
    ...width,
    ...beside,
    ...optional('repeats'),
    ...optional('expansion'),
  ];
}

/** True where a convolution is offered for some widths only. */
function isLimited(stage: Stage): boolean {
  return convolutionsOf(stage).some((one) => typeof one === 'object' && one.channels !== undefined);
}

function convolutionDecision(stage: Stage, part: string, channels: number): Decision[] {
  const all = convolutionsOf(stage);
  if (all.length < 2) return [];
  const options = all
    .filter((one) => isOfferedFor(one, channels))
    .map((one): Option => {
      const value = groupSizeOf(one);
      return { value, label: convolutionLabel(value), then: [] };
    });
  return [{ gene: `${part}.convolution`, part, options }];
}

function headDecisions(head: Head, prefix: string): Decision[] {
  const part = `${prefix}head`;
  if (head.kind === 'classifier')
    return head.channels === undefined ? [] : decision(head.channels, `${part}.channels`, part);
  if (head.kind !== 'efficientdet') return [];
  return [
    ...decision(head.channels, `${part}.channels`, part),
    ...decision(head.layers, `${part}.layers`, part),
    ...decision(head.depth, `${part}.depth`, part),
  ];
}

function decision(
  choice: Choice,
  name: string,
  part: string,
  then: (value: number) => Decision[] = () => [],
): Decision[] {
  const { gene, values } = valuesOf(choice);
  if (values.length === 1) return [];
  const options = values.map((value): Option => ({
    value,
    label: String(value),
    then: then(value),
  }));
  return [{ gene: gene ?? name, part, options }];
}

/** Reads the choices from an assignment. */
function reader(network: Assignment) {
  return (choice: Choice, name: string): number => {
    const { gene, values } = valuesOf(choice);
    return values.length === 1 ? values[0]! : (network.get(gene ?? name) as number);
  };
}
type Read = ReturnType<typeof reader>;

/** Builds the network of an assignment, with any batch size. */
export function buildNetwork(
  description: NetworkDescription,
  network: Assignment,
  { name, image, classes }: { name: string; image: ImageShape; classes: number },
): Graph {
  const net = new GraphBuilder();
  return net.build(name, writeNetwork(net, description, network, { image, classes }));
}

/** Counts the network of an assignment without building its graph. */
export function countNetwork(
  description: NetworkDescription,
  network: Assignment,
  options: { image: ImageShape; classes: number },
): NetworkCounts {
  const net = new CountingBuilder();
  writeNetwork(net, description, network, options);
  return net.counts();
}

/** @returns the network's outputs */
function writeNetwork(
  net: GraphBuilder,
  description: NetworkDescription,
  network: Assignment,
  { image, classes }: { image: ImageShape; classes: number },
): string[] {
  const style: Style = { activation: description.activation, epsilon: description.normEpsilon };
  const input: Feature = { value: net.image('input', image), channels: image[0], reduction: 1 };
  const read = reader(network);
  const [backbone, backbonePrefix] = taken<Backbone>(description.backbone, network);
  const [head, headPrefix] = taken<Head>(description.head, network);
  const chosen: Chosen = { network, read, prefix: backbonePrefix };
  const features = featuresOf(net, style, input, backbone, chosen);
  return outputs(net, style, features, classes, head, (choice, part) =>
    read(choice, `${headPrefix}head.${part}`),
  );
}

interface Chosen {
  readonly network: Assignment;
  readonly read: Read;
  /** Of the backbone's genes. */
  readonly prefix: string;
}

function featuresOf(
  net: GraphBuilder,
  style: Style,
  input: Feature,
  backbone: Backbone,
  chosen: Chosen,
): Feature[] {
  const { network, read, prefix } = chosen;
  switch (backbone.kind) {
    case 'hrnet':
      return hrnet(net, style, input, {
        width: read(backbone.width, `${prefix}width`),
        bottlenecks: read(backbone.bottlenecks, `${prefix}bottlenecks`),
        modules: backbone.modules.map((one, i) => read(one, `${prefix}modules${i + 2}`)),
        blocks: read(backbone.blocks, `${prefix}blocks`),
      });
    case 'nas-bench-201': {
      const { channels, cells, operations: offered } = backbone;
      const operations = cellEdges.map(([from, to]) => {
        const value = network.get(cellGene(prefix, from, to));
        return value === undefined ? offered[0]! : cellOperations[value - 1]!;
      });
      return nasBench201(net, style, input, { channels, cells, operations });
    }
    case 'stages':
      return stages(net, style, input, backbone, chosen);
  }
}

function taken<T extends object>(
  part: T | Alternatives<T>,
  network: Assignment,
): readonly [T, string] {
  if (!isAlternatives(part)) return [part, ''];
  const [label, one] = Object.entries(part.oneOf)[(network.get(part.gene) as number) - 1]!;
  return [one, `${label}.`];
}

function stages(
  net: GraphBuilder,
  style: Style,
  image: Feature,
  backbone: Extract<Backbone, { kind: 'stages' }>,
  { network, read, prefix }: Chosen,
): Feature[] {
  let x = image;
  backbone.stem.forEach(({ channels, kernel, stride, activation }, i) => {
    const name = backbone.stem.length === 1 ? 'stem' : `stem.${i}`;
    const outChannels = read(channels, stemGene(prefix, i));
    x = convNorm(net, style, name, x, { outChannels, kernel, stride });
    x = { ...x, value: activate(net, activation ?? style.activation, x.value) };
  });
  const ends = new Map<number, Feature>();
  backbone.stages.forEach((stage, s) => {
    const part = `${prefix}stage${s + 1}`;
    const get = (key: 'kernel' | 'repeats' | 'expansion', otherwise: number) =>
      key in stage ? read((stage as Record<typeof key, Choice>)[key], `${part}.${key}`) : otherwise;
    const width = channelsOf(stage);
    const channels = width === null ? x.channels : read(width, `${part}.channels`);
    const offered = convolutionsOf(stage);
    const groupSize =
      offered.length < 2
        ? groupSizeOf(offered[0]!)
        : (network.get(`${part}.convolution`) as number);
    const repeats = get('repeats', 1);
    for (let i = 0; i < repeats; i++) {
      const name = 'repeats' in stage ? `body.${s}.${i}` : `body.${s}`;
      x = blocks[stage.block](net, style, name, x, {
        channels,
        kernel: get('kernel', 3),
        stride: i === 0 ? strideOf(stage) : 1,
        expansion: get('expansion', 1),
        groupSize,
        squeezeExcite: ('squeezeExcite' in stage && stage.squeezeExcite) || 0,
        entering: i === 0,
      });
    }
    ends.set(x.reduction, x);
  });
  return [...ends.values()];
}

function outputs(
  net: GraphBuilder,
  style: Style,
  features: readonly Feature[],
  classes: number,
  head: Head,
  read: Read,
): string[] {
  switch (head.kind) {
    case 'classifier': {
      const channels = head.channels === undefined ? null : read(head.channels, 'channels');
      return classifier(net, style, features, classes, { channels, norm: head.norm });
    }
    case 'up-b':
      return upB(net, style, features.slice(-4), classes);
    case 'hrnet':
      return hrnetHead(net, style, features.slice(-4), classes);
    case 'efficientdet': {
      const pyramid = features.filter(({ reduction }) => reduction >= 8);
      return efficientDet(net, style, pyramid, classes, {
        channels: read(head.channels, 'channels'),
        layers: read(head.layers, 'layers'),
        depth: read(head.depth, 'depth'),
      });
    }
  }
}
