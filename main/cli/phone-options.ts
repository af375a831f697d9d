/** What `zico measure` is told about phones. */
import { InvalidArgumentError } from 'commander';
import type { MeasuredOnPhone, PhoneTarget } from '../measure-model/measure-on-phone.ts';
import type { CoreChoice, MeasuringEvent } from '../phone/measurement.ts';
import { defaultMeasuring } from '../phone/protocol/settings.ts';
import type { RunnerName } from '../phone/runners/index.ts';
import { abbreviated, grouped } from './table.ts';

/** `phone`, `phone:SERIAL`; a serial may hold colons, as that of a phone over the network does. */
export function phoneSerial(latency: string): string | null {
  return latency.startsWith('phone:') ? latency.slice('phone:'.length) : null;
}

/** `big`, `mid`, `little`, or a hexadecimal mask of cores. */
export function coreChoice(text: string): CoreChoice {
  if (text === 'big' || text === 'mid' || text === 'little') return text;
  const mask = /^(0x)?[0-9a-f]{1,4}$/i.test(text) ? parseInt(text, 16) : 0;
  if (mask > 0) return { mask };
  throw new InvalidArgumentError('It must be big, mid, little or a mask of cores such as c0.');
}

export function phoneTarget(
  latency: string,
  options: {
    readonly runs?: number;
    readonly warmUp?: number;
    readonly threads?: number;
    readonly core?: CoreChoice;
    readonly runner?: RunnerName;
    readonly waitLimit?: number;
  },
): PhoneTarget {
  const { runs, warmUp, threads, core, runner = null, waitLimit } = options;
  const given = Object.entries({ runs, warmUp, threads, core }).filter(([, v]) => v !== undefined);
  const { gates } = defaultMeasuring;
  return {
    serial: phoneSerial(latency),
    runner,
    settings: {
      ...defaultMeasuring,
      ...(Object.fromEntries(given) as Partial<typeof defaultMeasuring>),
      // One model: there is no later one whose drift a reference could show.
      referenceEvery: 0,
      gates: { ...gates, ...(waitLimit !== undefined && { limitMs: waitLimit * 1000 }) },
    },
  };
}

/** A line of progress; null where a person need not hear of it. */
export function progressLine(event: MeasuringEvent): string | null {
  switch (event.kind) {
    case 'waiting':
      return `waiting: ${event.message} (${Math.round(event.waitedMs / 1000)} of ${Math.round(event.limitMs / 1000)} s)`;
    case 'running':
      return `repeat ${event.repeat + 1}`;
    case 'requeued':
      return `measuring again: ${event.reason}`;
    default:
      return null;
  }
}

export function readablePhone(measured: MeasuredOnPhone): string {
  const { model, input, parameters, macs, serial, measurement } = measured;
  const { medianMs, intervalMs, p90Ms, minMs, unsteady, repeats, runner, settings, cores } =
    measurement;
  const ms = (value: number) => `${value.toPrecision(4)} ms`;
  const counted = repeats.filter(({ discarded }) => discarded === null).length;
  return [
    `${model}: ${ms(medianMs)} (median; 95 % interval ${ms(intervalMs[0])} to ${ms(intervalMs[1])}; 90th percentile ${ms(p90Ms)}, minimum ${ms(minMs)})`,
    ...(unsteady.length > 0 ? [`unsteady: ${unsteady.join(', ')}`] : []),
    `phone ${serial}, cores ${cores.cores.join(', ')}; ${runner.name}, ${runner.engine} ${runner.version}, ${runner.precision}, threads ${settings.threads}`,
    `${counted} of ${repeats.length} repeats count, ${settings.runs} runs each after ${settings.warmUp}`,
    ...runner.refused.map(({ name, failure }) => `not taken: ${name}: ${failure.message}`),
    `input ${input.join(' x ')}; ${grouped(parameters)} parameters, ${abbreviated(macs)} MACs`,
  ].join('\n');
}
