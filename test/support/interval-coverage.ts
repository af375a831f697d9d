/** How often intervals on simulated devices hold. */
import { usualInterval, usualRepeats } from '../../main/common/measuring.ts';
import type { HostRequeueReason } from '../../main/latency/host-measurement.ts';
import { faultOfLoad, slowerThanOthers } from '../../main/latency/host-steadiness.ts';
import { hostRequeues } from '../../main/latency/host.ts';
import { latencyInterval } from '../../main/latency/interval.ts';
import type { ComputerLoad } from '../../main/latency/load.ts';
import { LeastOfLate } from '../../main/latency/least-of-late.ts';
import { PacedRuns } from '../../main/latency/pace.ts';
import { percentile } from '../../main/latency/percentiles.ts';
import { Repeats, type TimedRepeat, type WantedPrecision } from '../../main/latency/repeats.ts';
import {
  firstNature,
  otherNature,
  paces,
  SimulatedDevice,
  worlds,
  type Pace,
  type World,
} from './simulated-device.ts';

export interface Outcome {
  /** Whether the interval of a first measurement contains the median of the later ones. */
  readonly held: boolean;
  /** The same of those later ones that are not marked; null where these are fewer than five. */
  readonly heldSteady: boolean | null;
  readonly reached: boolean;
  readonly marked: boolean;
  readonly repeats: number;
  /** As a share of the median. */
  readonly halfWidth: number;
  readonly reasons: readonly string[];
}

/** Devices of the nature that the constants were found on, or each of one of its own. */
export type Natures = 'first' | 'other';

const usual: WantedPrecision = { repeats: usualRepeats, interval: usualInterval, requeues: 4 };
const later = 21;
/** How long others were measured before the first measurement, in milliseconds, and how often in that time. */
const [usualBeforeMs, othersEvery] = [60_000, 2_000];

/**
 * Simulates every device, measured as this computer is and as a phone is. A phone shows its clock, and repeats at a
 * lower one are discarded; a computer is compared with its own pace of late. Other networks were measured for a
 * while before.
 */
export function coverageOfDevices(
  devices: number,
  wanted: WantedPrecision = usual,
  natures: Natures = 'first',
  beforeMs = usualBeforeMs,
): readonly { readonly name: string; readonly outcomes: readonly Outcome[] }[] {
  return (['computer', 'phone'] as const).flatMap((kind) =>
    worlds.map((world) => ({
      name: `${kind}, ${world}`,
      outcomes: Array.from({ length: devices }, (_, seed) =>
        outcomeOf(simulated(world, seed, natures), kind, wanted, beforeMs),
      ),
    })),
  );
}

interface LaterLatency {
  readonly latencyMs: number;
  readonly marked: boolean;
}

/** Whether an interval holds the median of the later measurements, all of them and those that are not marked. */
export function holds(
  interval: readonly [number, number] | null,
  later: readonly LaterLatency[],
): Pick<Outcome, 'held' | 'heldSteady'> {
  const holdsMedian = (some: readonly LaterLatency[]): boolean => {
    const truth = percentile(
      some.map(({ latencyMs }) => latencyMs),
      0.5,
    );
    return interval !== null && interval[0] <= truth && truth <= interval[1];
  };
  const steady = later.filter(({ marked }) => !marked);
  return { held: holdsMedian(later), heldSteady: steady.length < 5 ? null : holdsMedian(steady) };
}

function simulated(world: World, seed: number, natures: Natures): SimulatedDevice {
  if (natures === 'first') return new SimulatedDevice(world, seed, firstNature);
  return new SimulatedDevice(world, `another ${seed}`, otherNature(seed));
}

function outcomeOf(
  device: SimulatedDevice,
  kind: keyof typeof paces,
  wanted: WantedPrecision,
  beforeMs: number,
): Outcome {
  const measuring = { phone: onPhone, computer: onComputer }[kind];
  const measure = measuring(device, paces[kind], wanted);
  const first = measure(beforeMs);
  const others = Array.from({ length: later }, (_, i): LaterLatency => {
    const { counting, unsteady } = measure(30_000 * (1 + (i % 5)));
    return { latencyMs: percentile(counting.flat(), 0.5), marked: unsteady.length > 0 };
  });
  const interval = latencyInterval(first.counting);
  return {
    ...holds(interval && [interval.lowMs, interval.highMs], others),
    reached: interval !== null && interval.halfWidth <= usualInterval,
    marked: first.unsteady.length > 0,
    repeats: first.counting.length,
    halfWidth: interval?.halfWidth ?? NaN,
    reasons: first.unsteady,
  };
}

type Reason = HostRequeueReason | 'frequency-fell';
type Simulated = TimedRepeat<Reason> & {
  readonly load: ComputerLoad;
};
type Measured = Repeats<Reason, Simulated>;
/** @param waitMs how long others are measured before */
type Measure = (waitMs: number) => Measured;

const unseen: ComputerLoad = { otherCores: 0, stolenShare: null, waitedShare: null };

function onPhone(device: SimulatedDevice, pace: Pace, wanted: WantedPrecision): Measure {
  return (waitMs) => {
    device.wait(waitMs);
    const repeats = new Repeats<Reason, Simulated>(wanted);
    while (!repeats.done) {
      device.wait(pace.betweenMs);
      const { runsMs, slow } = device.repeat(pace);
      const discarded = slow ? 'frequency-fell' : null;
      repeats.add({ latenciesMs: runsMs, load: unseen, discarded });
    }
    return repeats;
  };
}

/** As main/latency/host.ts, with the pauses between repeats that it makes. */
function onComputer(device: SimulatedDevice, pace: Pace, wanted: WantedPrecision): Measure {
  const best = new LeastOfLate();
  return (waitMs) => {
    for (let waited = 0; waited < waitMs; waited += othersEvery) {
      device.wait(othersEvery);
      best.note(device.nowMs, device.pace);
    }
    const repeats = new Repeats<Reason, Simulated>(
      { ...wanted, requeues: hostRequeues },
      slowerThanOthers,
    );
    for (let pause = pace.betweenMs; !repeats.done;) {
      device.wait(pause);
      for (let run = 0; run < pace.warmUp; run++) device.run(pace.runMs);
      const paced = new PacedRuns(pace.runs, best.at(device.nowMs), device.pace);
      while (!paced.done) paced.add(device.run(pace.runMs), device.pace);
      const load = { ...unseen, paceMs: paced.paceMs };
      const bestPaceMs = best.at(device.nowMs);
      best.note(device.nowMs, paced.bestSeenMs);
      const discarded = faultOfLoad(load, { cores: 2, threads: 1, bestPaceMs });
      const again = repeats.add({ latenciesMs: paced.runsMs, load, discarded });
      pause = again === null ? pace.betweenMs : Math.min(2 * pause, 8 * pace.betweenMs);
    }
    return repeats;
  };
}
