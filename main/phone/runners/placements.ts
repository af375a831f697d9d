/** Reads from what runtimes print where the nodes of a network ran. */
import type { Placement } from '../../common/placement.ts';
import { builtin } from '../../tflite/schema.ts';

const providers: Readonly<Record<string, string>> = {
  cpu: 'CPUExecutionProvider',
  xnnpack: 'XnnpackExecutionProvider',
  nnapi: 'NnapiExecutionProvider',
};

/**
 * @param said lines of ONNX Runtime's log about placements
 * @param provider that was asked for
 * @returns null where they say nothing
 */
export function ortPlacement(said: string, provider: string): Placement | null {
  const name = providers[provider] ?? provider;
  const placed = new Map<string, number>();
  const kinds: string[] = [];
  for (const line of said.split('\n')) {
    const heading = /laced on \[(\w+)\]\.\s*Number of nodes: (\d+)/.exec(line);
    if (heading) placed.set(heading[1]!, Number(heading[2]));
    const listed = /^\s+(\w+) \(/.exec(line);
    if (listed) kinds.push(listed[1]!);
  }
  const divided =
    /partitions supported by \w+: (\d+).*nodes in the graph: (\d+).*nodes supported by \w+: (\d+)/.exec(
      said,
    );
  if (divided) {
    const [pieces, nodes, taken] = divided.slice(1).map(Number) as [number, number, number];
    return { on: provider, nodes, placed: taken, pieces, elsewhere: counted(kinds) };
  }
  if (placed.size === 0) return null;
  const nodes = [...placed.values()].reduce((sum, count) => sum + count, 0);
  const own = placed.get(name) ?? 0;
  if (own === nodes) return { on: provider, nodes, placed: nodes, pieces: 1, elsewhere: [] };
  return { on: provider, nodes, placed: own, pieces: null, elsewhere: counted(kinds) };
}

const builtinNames = new Map<number, string>(
  Object.entries(builtin).map(([name, code]) => [code, name]),
);

/** What the runner of TensorFlow Lite counted, by the numbers of operators. */
export function tflitePlacement(
  counts: Omit<Placement, 'elsewhere'> & {
    readonly elsewhere: readonly { readonly code: number; readonly count: number }[];
  },
): Placement {
  const elsewhere = counts.elsewhere
    .map(({ code, count }) => ({ kind: builtinNames.get(code) ?? `operator ${code}`, count }))
    .toSorted((a, b) => b.count - a.count);
  return { ...counts, elsewhere };
}

/**
 * What benchmark_model says about a delegate: "Replacing 66 out of 68 node(s) with delegate (TfLiteGpuDelegateV2) node,
 * yielding 3 partitions for the whole graph." Partitions count those of the rest as well.
 * @returns null where it says nothing
 */
export function benchmarkPlacement(said: string, on: string): Placement | null {
  const found = [
    ...said.matchAll(
      /Replacing (\d+) out of (\d+) node\(s\) with delegate \((\w+)\) node(?:, yielding (\d+) partitions)?/g,
    ),
  ];
  const own = found.find(([, , , delegate]) => isNamed(delegate!, on));
  if (!own) return null;
  const [, placed, nodes, , partitions] = own;
  const kernels = /executed by the delegate w\/ (\d+) delegate kernels/.exec(said);
  const whole = placed === nodes;
  const guessed = partitions === undefined ? null : Math.ceil(Number(partitions) / 2);
  return {
    ...{ on, nodes: Number(nodes), placed: Number(placed) },
    pieces: whole ? 1 : kernels ? Number(kernels[1]) : guessed,
    elsewhere: [],
  };
}

/** The names by which delegates call themselves. */
const delegates: Readonly<Record<string, RegExp>> = {
  cpu: /xnnpack/i,
  gpu: /gpu|_CL$/i,
  nnapi: /nnapi/i,
  hexagon: /hexagon/i,
};
const isNamed = (delegate: string, on: string) => delegates[on]?.test(delegate) ?? false;

function counted(kinds: readonly string[]): Placement['elsewhere'] {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .toSorted((a, b) => b.count - a.count);
}
