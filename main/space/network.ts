/** A described network: the decisions that it leaves open, and the graph once they are made. */
import { GraphBuilder } from '../graph/builder.ts';
import type { Graph } from '../graph/graph.ts';
import { hrnet } from './backbones/hrnet.ts';
import { cellEdges, nasBench201 } from './backbones/nas-bench-201.ts';
import type { Feature, Style } from './blocks/parts.ts';
import { valuesOf } from './choices.ts';
import { CountingBuilder, type NetworkCounts } from './counts.ts';
import type { Assignment, Decision, Option } from './decisions.ts';
import {
  cellOperations,
  type Backbone,
  type CellOperation,
  type Choice,
  type Head,
  type NetworkDescription,
} from '../common/space-description.ts';
import { classifier } from './heads/classifier.ts';
import { efficientDetHead } from './heads/efficientdet.ts';
import { hrnetHead, upB } from './heads/segmentation.ts';
import { stageDecisions } from './stage-decisions.ts';
import { stemGene, writeStages, type Chosen } from './write-stages.ts';
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
    ...backbone.stem.flatMap((layer, i) =>
      'pool' in layer ? [] : decision(layer.channels, stemGene(prefix, i), `${prefix}stem`),
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

function headDecisions(head: Head, prefix: string): Decision[] {
  const part = `${prefix}head`;
  if (head.kind === 'classifier') {
    const layers = (['channels', 'hidden'] as const).map((key) => [key, head[key]] as const);
    return layers.flatMap(([key, choice]) =>
      choice === undefined ? [] : decision(choice, `${part}.${key}`, part),
    );
  }
  if (head.kind !== 'efficientdet') return [];
  return [
    ...decision(head.channels, `${part}.channels`, part),
    ...decision(head.layers, `${part}.layers`, part),
    ...decision(head.depth, `${part}.depth`, part),
  ];
}

function decision(choice: Choice, name: string, part: string): Decision[] {
  const { gene, values } = valuesOf(choice);
  if (values.length === 1) return [];
  const options = values.map((value): Option => ({
    value,
    label: String(value),
    then: [],
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
type Read = Chosen['read'];

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
  const size = [image[1], image[2]] as const;
  return outputs(net, style, features, { classes, size }, head, (choice, part) =>
    read(choice, `${headPrefix}head.${part}`),
  );
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
      return writeStages(net, style, input, backbone, chosen);
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

function outputs(
  net: GraphBuilder,
  style: Style,
  features: readonly Feature[],
  { classes, size }: { readonly classes: number; readonly size: readonly [number, number] },
  head: Head,
  read: Read,
): string[] {
  switch (head.kind) {
    case 'classifier': {
      const channels = head.channels === undefined ? null : read(head.channels, 'channels');
      const hidden = head.hidden === undefined ? null : read(head.hidden, 'hidden');
      return classifier(net, style, features, classes, { channels, hidden, norm: head.norm });
    }
    case 'up-b':
      return upB(net, style, features.slice(-4), classes);
    case 'hrnet':
      return hrnetHead(net, style, features.slice(-4), classes);
    case 'efficientdet': {
      const pyramid = features.filter(({ reduction }) => reduction >= 8);
      return efficientDetHead(net, style, pyramid, classes, {
        channels: read(head.channels, 'channels'),
        layers: read(head.layers, 'layers'),
        depth: read(head.depth, 'depth'),
        image: size,
      });
    }
  }
}
