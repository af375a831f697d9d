/**
 * `npm run bench -- host-latency [COUNT] [PROGRAMS] [SPACE]`: how well latencies of this computer repeat. COUNT
 * random networks are measured twice, in two passes, while so many other programs compute without a pause, the
 * first of them held to one core (Linux). Beside the whole protocol stands what each network's first repeat
 * alone would have said. Marked is a network of which either figure is marked as unsteady.
 */
import { cpus } from 'node:os';
import path from 'node:path';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { drawDistinct } from '../../main/draw.ts';
import { generatorFor } from '../../main/random.ts';
import { HostLatency } from '../../main/latency/host.ts';
import type { Latency } from '../../main/latency/latency.ts';
import { percentile } from '../../main/latency/percentiles.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { startPrograms } from './other-programs.ts';

const [count = '50', programs = '1', spaceName = 'nats-sss'] = process.argv.slice(2);
const space = spaceNamed(spaceName);
const entry = path.resolve(import.meta.dirname, '../../main/latency/child.ts');
/** Two figures further apart than this do not agree. */
const tolerance = 0.1;

const random = generatorFor('host-latency');
const genotypes = drawDistinct(random, space.networks, Number(count)).map((i) => space.at(i));
const host = new HostLatency({
  ...{ processes: nodeProcesses, entry },
  limits: { timeoutMs: 120_000, memoryBytes: 2 ** 33 },
});

async function pass(): Promise<Latency[]> {
  const all: Latency[] = [];
  for (const genotype of genotypes) {
    const graph = initialNetwork(space, genotype, 'pytorch-default', 0, 'deployment');
    all.push(await host.measure(graph));
  }
  return all;
}

const stop = startPrograms(Number(programs));
const start = performance.now();
const [first, second] = [await pass(), await pass()];
const seconds = (performance.now() - start) / 1000;
stop();
await host.close();

const agrees = (a: number, b: number) => Math.max(a, b) / Math.min(a, b) - 1 <= tolerance;
const pairs = first.map((one, i) => {
  const other = second[i]!;
  const ofFirst = ({ host: recorded }: Latency) =>
    percentile(recorded?.repeats[0]!.latenciesMs ?? [], 0.5);
  return {
    change: Math.max(one.latencyMs, other.latencyMs) / Math.min(one.latencyMs, other.latencyMs) - 1,
    agree: agrees(one.latencyMs, other.latencyMs),
    marked: [one, other].some(({ conditions }) => (conditions.host?.unsteady.length ?? 0) > 0),
    firstRepeat: agrees(ofFirst(one), ofFirst(other)),
  };
});
const share = (holds: (pair: (typeof pairs)[number]) => boolean) =>
  `${pairs.filter(holds).length} of ${pairs.length}`;
const reasons = [...first, ...second].flatMap(({ conditions }) => conditions.host?.unsteady ?? []);
const counted = [...new Set(reasons)].map(
  (reason) => `${reason} ${reasons.filter((one) => one === reason).length}`,
);
const changes = pairs.map(({ change }) => 100 * change);
const unmarked = pairs.filter(({ marked }) => !marked).map(({ change }) => 100 * change);
const percent = (values: readonly number[], at: number) =>
  values.length === 0 ? '-' : `${percentile(values, at).toFixed(1)} %`;

console.log(
  `${cpus()[0]!.model.trim()}, ${cpus().length} processors; ${spaceName}; ${programs} other programs`,
);
console.log(`agree within 10 % or are marked: ${share(({ agree, marked }) => agree || marked)}`);
console.log(
  `agree within 10 %: ${share(({ agree }) => agree)}; by the first repeat alone ${share(({ firstRepeat }) => firstRepeat)}`,
);
console.log(`marked: ${share(({ marked }) => marked)} (${counted.join(', ') || 'none'})`);
console.log(
  `apart, all: median ${percent(changes, 0.5)}, 90 % ${percent(changes, 0.9)}, largest ${percent(changes, 1)}`,
);
console.log(
  `apart, unmarked: median ${percent(unmarked, 0.5)}, 90 % ${percent(unmarked, 0.9)}, largest ${percent(unmarked, 1)}`,
);
console.log(`${(seconds / first.length / 2).toFixed(2)} s a network`);
