/**
 * How often the interval of a latency holds what later measurements find: the median of at least twenty of the same
 * network, apart in time.
 *
 *   npm run bench -- coverage simulated [DEVICES] [first | other] [SECONDS]
 *   npm run bench -- coverage phone [MODELS] [PASSES] [WORLD,...]
 *   npm run bench -- coverage host [NETWORKS] [LATER] [PROGRAMS] [SPACE]
 *
 * Simulated are devices of which each changes its speed in one way (test/support/simulated-device.ts): all by the
 * numbers on which the constants of intervals were found (first), or each by numbers of its own, drawn afterwards
 * (other), after others were measured for so many seconds, 60 unless stated. On a phone everything is real but its clock (coverage-phone.ts). On this
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
import { phonePasses, type TakenLatency } from './coverage-phone.ts';
import {
  coverageOfDevices,
  holds,
  type Natures,
  type Outcome,
} from '../support/interval-coverage.ts';
import { worlds } from '../support/simulated-device.ts';

const [mode = 'simulated', ...rest] = process.argv.slice(2);
if (mode === 'simulated') {
  const [devices = '300', natures, seconds = '60'] = rest;
  simulated(Number(devices), natures === 'other' ? 'other' : 'first', Number(seconds));
} else if (mode === 'phone') await onPhone();
else
  await onHost(
    Number(rest[0] ?? 20),
    Number(rest[1] ?? 20),
    Number(rest[2] ?? 0),
    rest[3] ?? 'nats-sss',
  );

function simulated(devices: number, natures: Natures, seconds: number): void {
  const all = coverageOfDevices(devices, undefined, natures, 1000 * seconds);
  for (const { name, outcomes } of all) report(name, outcomes);
}

async function onPhone(): Promise<void> {
  const [models = '4', passes = '11', named = worlds.join(',')] = rest;
  const chosen = worlds.filter((world) => named.split(',').includes(world));
  for await (const { name, passes: all } of phonePasses(Number(models), Number(passes), chosen)) {
    report(`emulated phone, ${name}`, outcomesOfPasses(all));
  }
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
  const outcomes = outcomesOfPasses(
    passes.map((all) =>
      all.map(({ latencyMs, conditions: { interval, host: recorded } }) => ({
        ...{ latencyMs, interval: interval?.ms ?? null, unsteady: recorded?.unsteady ?? [] },
        repeats: recorded?.repeats ?? 0,
      })),
    ),
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

/** Each pass takes its turn as the first: the others are later, or might have been. */
function outcomesOfPasses(passes: readonly (readonly TakenLatency[])[]): Outcome[] {
  return passes.flatMap((pass, turn) =>
    pass.map(({ latencyMs, interval, unsteady, repeats }, n): Outcome => {
      const others = passes
        .filter((_, other) => other !== turn)
        .map((all) => ({ latencyMs: all[n]!.latencyMs, marked: all[n]!.unsteady.length > 0 }));
      const halfWidth = interval === null ? NaN : (interval[1] - interval[0]) / 2 / latencyMs;
      return {
        ...holds(interval, others),
        reached: halfWidth <= usualInterval,
        marked: unsteady.length > 0,
        ...{ repeats, halfWidth, reasons: unsteady },
      };
    }),
  );
}

function report(name: string, outcomes: readonly Outcome[]): void {
  const of = (some: readonly Outcome[], holds: (one: Outcome) => boolean) =>
    some.length === 0 ? '-' : `${((100 * some.filter(holds).length) / some.length).toFixed(1)} %`;
  const held = (one: Outcome) => one.held;
  const unmarked = outcomes.filter(({ marked }) => !marked);
  const judged = unmarked.filter(({ heldSteady }) => heldSteady !== null);
  const mean = (value: (one: Outcome) => number) =>
    outcomes.reduce((sum, one) => sum + value(one), 0) / outcomes.length;
  const reasons = outcomes.flatMap((one) => one.reasons);
  const counted = [...new Set(reasons)].map(
    (reason) => `${reason} ${reasons.filter((one) => one === reason).length}`,
  );
  console.log(
    `${name}: covers ${of(outcomes, held)} of ${outcomes.length}, unmarked ${of(unmarked, held)} of ${unmarked.length}, these of later unmarked ones ${of(judged, ({ heldSteady }) => heldSteady === true)} of ${judged.length}; ` +
      `+-${100 * usualInterval} % reached ${of(outcomes, ({ reached }) => reached)}; ` +
      `repeats ${mean(({ repeats }) => repeats).toFixed(1)}; half-width ${(100 * mean(({ halfWidth }) => halfWidth)).toFixed(1)} %` +
      (counted.length > 0 ? `; marked: ${counted.join(', ')}` : ''),
  );
}
