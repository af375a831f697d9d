/** How often intervals on simulated devices hold. */
import { usualInterval, usualRepeats } from '../../main/common/measuring.ts';
import { latencyInterval } from '../../main/latency/interval.ts';
import { percentile } from '../../main/latency/percentiles.ts';
import { Repeats, type TimedRepeat, type WantedPrecision } from '../../main/latency/repeats.ts';
import { paces, SimulatedDevice, worlds, type Pace, type World } from './simulated-device.ts';

export interface Outcome {
  /** Whether the interval of a first measurement contains the median of the later ones. */
  readonly held: boolean;
  readonly reached: boolean;
  readonly marked: boolean;
  readonly repeats: number;
  /** As a share of the median. */
  readonly halfWidth: number;
  readonly reasons: readonly string[];
}

const usual: WantedPrecision = { repeats: usualRepeats, interval: usualInterval, requeues: 4 };
const later = 21;

/**
 * Simulates every device, measured as this computer is and as a phone is. A phone shows its clock, and repeats
 * at a lower one are discarded; a computer shows nothing.
 */
export function coverageOfDevices(
  devices: number,
  wanted: WantedPrecision = usual,
): readonly { readonly name: string; readonly outcomes: readonly Outcome[] }[] {
  return (['computer', 'phone'] as const).flatMap((kind) =>
    worlds.map((world) => ({
      name: `${kind}, ${world}`,
      outcomes: Array.from({ length: devices }, (_, seed) =>
        outcomeOf(world, seed, paces[kind], kind === 'phone', wanted),
      ),
    })),
  );
}

function outcomeOf(
  world: World,
  seed: number,
  pace: Pace,
  clockShows: boolean,
  wanted: WantedPrecision,
): Outcome {
  const device = new SimulatedDevice(world, seed);
  device.wait(60_000);
  const first = measure(device, pace, clockShows, wanted);
  const medians = Array.from({ length: later }, (_, i) => {
    device.wait(30_000 * (1 + (i % 5)));
    return percentile(measure(device, pace, clockShows, wanted).counting.flat(), 0.5);
  });
  const truth = percentile(medians, 0.5);
  const interval = latencyInterval(first.counting);
  return {
    held: interval !== null && interval.lowMs <= truth && truth <= interval.highMs,
    reached: interval !== null && interval.halfWidth <= usualInterval,
    marked: first.unsteady.length > 0,
    repeats: first.counting.length,
    halfWidth: interval?.halfWidth ?? NaN,
    reasons: first.unsteady,
  };
}

type Simulated = TimedRepeat<'frequency-fell'>;

function measure(
  device: SimulatedDevice,
  pace: Pace,
  clockShows: boolean,
  wanted: WantedPrecision,
): Repeats<'frequency-fell', Simulated> {
  const repeats = new Repeats<'frequency-fell', Simulated>(wanted);
  while (!repeats.done) {
    device.wait(pace.betweenMs);
    const { runsMs, slow } = device.repeat(pace);
    repeats.add({ latenciesMs: runsMs, discarded: clockShows && slow ? 'frequency-fell' : null });
  }
  return repeats;
}
