/**
 * How often the interval of a latency holds what later measurements find: the median of at least twenty of the same
 * network, apart in time.
 *
 *   npm run bench -- coverage simulated [DEVICES]
 *   npm run bench -- coverage host [NETWORKS] [LATER] [PROGRAMS] [SPACE]
 *
 * Simulated are devices of which each changes its speed in one way (test/support/simulated-device.ts). On this
 * computer every pass measures all networks once, so that a network's measurements lie a whole pass apart, while so
 * many other programs compute, the first of them held to one core (Linux).
 */
import { cpus } from 'node:os';
import path from 'node:path';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { usualInterval } from '../../main/common/measuring.ts';
import { drawDistinct } from '../../main/draw.ts';
import { HostLatency } from '../../main/latency/host.ts';
import type { Latency } from '../../main/latency/latency.ts';
import { percentile } from '../../main/latency/percentiles.ts';
import { generatorFor } from '../../main/random.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { startPrograms } from './other-programs.ts';
import { coverageOfDevices, type Outcome } from '../support/interval-coverage.ts';

const [mode = 'simulated', ...rest] = process.argv.slice(2);
if (mode === 'simulated') simulated(Number(rest[0] ?? 300));
else
  await onHost(
    Number(rest[0] ?? 20),
    Number(rest[1] ?? 20),
    Number(rest[2] ?? 0),
    rest[3] ?? 'nats-sss',
  );

function simulated(devices: number): void {
  for (const { name, outcomes } of coverageOfDevices(devices)) report(name, outcomes);
}

async function onHost(
  networks: number,
  later: number,
  programs: number,
  spaceName: string,
): Promise<void> {
  const space = spaceNamed(spaceName);
  const random = generatorFor('interval coverage');
  const graphs = drawDistinct(random, space.networks, networks).map((i) =>
    initialNetwork(space, space.at(i), 'pytorch-default', 0, 'deployment'),
  );
  const entry = path.resolve(import.meta.dirname, '../../main/latency/child.ts');
  const limits = { timeoutMs: 120_000, memoryBytes: 2 ** 33 };
  const host = new HostLatency({ processes: nodeProcesses, entry, limits });
  const stop = startPrograms(programs);
  const began = performance.now();
  const passes: Latency[][] = [];
  for (let pass = 0; pass <= later; pass++) {
    const all: Latency[] = [];
    for (const graph of graphs) all.push(await host.measure(graph));
    passes.push(all);
  }
  const seconds = (performance.now() - began) / 1000;
  stop();
  await host.close();
  console.log(
    `${cpus()[0]!.model.trim()}, ${cpus().length} processors; ${spaceName}, ${networks} networks; ${programs} other programs; ${(seconds / networks / (later + 1)).toFixed(2)} s a measurement`,
  );
  // Each pass takes its turn as the first: the others are later, or might have been.
  const outcomes = passes.flatMap((pass, turn) =>
    pass.map((one, n): Outcome => {
      const others = passes.filter((_, other) => other !== turn).map((all) => all[n]!.latencyMs);
      const truth = percentile(others, 0.5);
      const { ms = null, reached = false } = one.conditions.interval ?? {};
      const repeats = one.conditions.host?.repeats ?? 0;
      return {
        held: ms !== null && ms[0] <= truth && truth <= ms[1],
        reached,
        marked: (one.conditions.host?.unsteady.length ?? 0) > 0,
        repeats,
        halfWidth: ms === null ? NaN : (ms[1] - ms[0]) / 2 / one.latencyMs,
        reasons: one.conditions.host?.unsteady ?? [],
      };
    }),
  );
  report(`this computer, all passes`, outcomes);
  report(`this computer, first pass`, outcomes.slice(0, networks));
  const loads = passes.flat().flatMap(({ host: recorded }) => recorded?.repeats ?? []);
  const quantiles = (values: readonly number[]) =>
    [0.5, 0.9, 1].map((at) => percentile(values, at).toFixed(3)).join(', ');
  for (const what of ['otherCores', 'stolenShare', 'waitedShare'] as const) {
    console.log(`  ${what}: ${quantiles(loads.map(({ load }) => load[what] ?? 0))}`);
  }
}

function report(name: string, outcomes: readonly Outcome[]): void {
  const of = (some: readonly Outcome[], holds: (one: Outcome) => boolean) =>
    some.length === 0 ? '-' : `${((100 * some.filter(holds).length) / some.length).toFixed(1)} %`;
  const held = (one: Outcome) => one.held;
  const unmarked = outcomes.filter(({ marked }) => !marked);
  const mean = (value: (one: Outcome) => number) =>
    outcomes.reduce((sum, one) => sum + value(one), 0) / outcomes.length;
  const reasons = outcomes.flatMap((one) => one.reasons);
  const counted = [...new Set(reasons)].map(
    (reason) => `${reason} ${reasons.filter((one) => one === reason).length}`,
  );
  console.log(
    `${name}: covers ${of(outcomes, held)} of ${outcomes.length}, unmarked ${of(unmarked, held)} of ${unmarked.length}; ` +
      `+-${100 * usualInterval} % reached ${of(outcomes, ({ reached }) => reached)}; ` +
      `repeats ${mean(({ repeats }) => repeats).toFixed(1)}; half-width ${(100 * mean(({ halfWidth }) => halfWidth)).toFixed(1)} %` +
      (counted.length > 0 ? `; marked: ${counted.join(', ')}` : ''),
  );
}
