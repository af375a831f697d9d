/** A network as foldable stages: what is drawn, and what has to be laid out for it. */
import type { ArchitectureNode } from '../../../preload/contract.ts';
import type { LayoutRequest } from '../layout/layout.ts';

export interface DrawnStage {
  readonly stage: string;
  readonly nodes: readonly ArchitectureNode[];
  /** How many of them have weights. */
  readonly layers: number;
  readonly parameters: number;
  readonly macs: number;
  /** Of its last step. */
  readonly shape: readonly number[];
}

/** Stages in the order in which data reach them. */
export function stagesOf(nodes: readonly ArchitectureNode[]): DrawnStage[] {
  const grouped = new Map<string, ArchitectureNode[]>();
  for (const node of nodes) {
    const group = grouped.get(node.stage);
    if (group) group.push(node);
    else grouped.set(node.stage, [node]);
  }
  return [...grouped].map(([stage, inside]) => ({
    stage,
    nodes: inside,
    layers: inside.filter(({ layer }) => layer !== null).length,
    parameters: inside.reduce((sum, node) => sum + node.parameters, 0),
    macs: inside.reduce((sum, node) => sum + node.macs, 0),
    shape: inside[inside.length - 1]!.shape,
  }));
}

/** Box sizes in CSS pixels at zoom 1: enough for a title, a shape and space between them. */
export const boxSize = { width: 208, height: 26 } as const;
export const stageHead = 26;
export const stagePadding = 10;

/** A stage with a single step has nothing to unfold. */
export const folds = (stage: DrawnStage): boolean => stage.nodes.length > 1;

/** What the layout needs to know: sizes and who reads whom. */
export function layoutRequest(
  stages: readonly DrawnStage[],
  open: ReadonlySet<string>,
): LayoutRequest {
  const stageOf = new Map(stages.flatMap(({ stage, nodes }) => nodes.map(({ id }) => [id, stage])));
  const between = new Map<string, [string, string]>();
  for (const { stage, nodes } of stages) {
    for (const { inputs } of nodes) {
      for (const input of inputs) {
        const from = stageOf.get(input);
        if (from === undefined || from === stage) continue;
        between.set(`${from} ${stage}`, [from, stage]);
      }
    }
  }
  return {
    stages: stages.map((one) => {
      const { stage, nodes } = one;
      const own = new Set(nodes.map(({ id }) => id));
      const unfolded = open.has(stage) && folds(one);
      return {
        id: stage,
        boxes: unfolded ? nodes.map(({ id }) => ({ id, ...boxSize })) : [],
        edges: unfolded
          ? nodes.flatMap(({ id, inputs }) =>
              inputs
                .filter((input) => own.has(input))
                .map((input): [string, string] => [input, id]),
            )
          : [],
      };
    }),
    edges: [...between.values()],
    folded: { width: boxSize.width + 2 * stagePadding, height: boxSize.height },
    head: stageHead,
    padding: stagePadding,
  };
}

/** Nodes whose words all occur in their title, layer or stage. */
export function findNodes(
  nodes: readonly ArchitectureNode[],
  term: string,
): readonly ArchitectureNode[] {
  const words = term.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return nodes.filter(({ id, title, also, layer, stage }) => {
    const all = [id, title, ...also, layer ?? '', stage].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
