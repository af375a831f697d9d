/** The phone options of `zico measure` and `zico search`. */
import { InvalidArgumentError, type Command } from 'commander';
import type { MeasuredOnPhone, PhoneTarget } from '../measure-model/measure-on-phone.ts';
import {
  type CoreChoice,
  coreNames,
  defaultPhoneSettings,
  measuringRanges,
  type PhoneSettings,
  runnerNames,
  type RunnerName,
} from '../common/phone-settings.ts';
import {
  hostRunners,
  isHostRunner,
  usualHostRunner,
  type HostRunner,
} from '../common/host-runners.ts';
import { placementInWords, placementWarning } from '../common/placement.ts';
import type { MeasuringEvent } from '../phone/measurement.ts';
import { intervalInWords, reasonsInWords } from '../latency/conditions.ts';
import { badArguments } from '../asked/bad-arguments.ts';
import { phoneTargetOf } from '../asked/phone-target.ts';
import { usualInterval } from '../common/measuring.ts';
import { phoneSerial } from './latency-option.ts';
import { typedDuration, oneOf, wholeNumberIn } from './options.ts';
import { addRunnerOptions, runnerSettings, type RunnerOptions } from './runner-options.ts';
import { modelInWords } from './model-in-words.ts';

/** Phone options of both commands. */
export interface PhoneOptions extends RunnerOptions {
  readonly core?: CoreChoice;
  readonly runner?: RunnerName | HostRunner;
  readonly repeats?: number;
  /** Seconds. */
  readonly waitLimit?: number;
  readonly runLimit?: number;
}

export function addPhoneOptions(command: Command): Command {
  command
    .option(
      '--core <cores>',
      'on a phone: big, mid, little or a mask such as c0 (default: big)',
      coreChoice,
    )
    .option(
      '--runner <name>',
      `what runs the model: on this computer ${hostRunners.join(' or ')} (default: ${usualHostRunner}); on a phone ${runnerNames.join(', ')} (default: the first of the product's own that passes its check)`,
      oneOf([...hostRunners, ...runnerNames]),
    )
    .option(
      '--repeats <n>',
      'measured latencies: how often the runs are repeated at most (default: 12)',
      wholeNumberIn(measuringRanges.repeats),
    )
    .option(
      '--wait-limit <duration>',
      'on a phone: how long to wait for it to be cool, charged, awake and unlocked (default: 10m)',
      typedDuration,
    )
    .option(
      '--run-limit <duration>',
      'on a phone: how long one start of the runner may take (default: 2m)',
      typedDuration,
    );
  return addRunnerOptions(command);
}

/** The first phone option that was typed; null if there is none. */
export function typedPhoneOption(options: object): string | null {
  const words: Readonly<Record<string, string>> = {
    core: '--core',
    runner: '--runner',
    waitLimit: '--wait-limit',
    runLimit: '--run-limit',
    awayLimit: '--away-limit',
    runs: '--runs',
    warmUp: '--warm-up',
    phoneThreads: '--phone-threads',
    phoneModel: '--phone-model',
  };
  const typed = Object.entries(options).find(
    ([name, value]) => words[name] && value !== undefined && !isHostRunner(String(value)),
  );
  return typed ? words[typed[0]]! : null;
}

/** Phone options of `zico search`. */
export interface SearchPhoneOptions extends PhoneOptions {
  readonly runs?: number;
  readonly warmUp?: number;
  readonly phoneThreads?: number;
  readonly phoneModel?: string;
  /** Seconds. */
  readonly awayLimit?: number;
}

/** @param base used for options that were not typed: the defaults, or the settings that the run started with */
export function phoneSettings(
  latency: string | undefined,
  options: SearchPhoneOptions,
  base: PhoneSettings = defaultPhoneSettings,
): PhoneSettings {
  const { core, phoneThreads, phoneModel: model, warmUp, runs, repeats } = options;
  const runner = phoneRunner(options);
  const { waitLimit, awayLimit, runLimit } = options;
  const serials = latency === undefined ? null : phoneSerial(latency);
  const typed = {
    serials: serials?.split(',').filter((serial) => serial !== ''),
    ...{ model, runner, core, threads: phoneThreads, warmUp, runs, repeats },
    waitSeconds: waitLimit,
    awaySeconds: awayLimit,
    runSeconds: runLimit,
  };
  if (serials !== null && typed.serials?.length === 0) {
    throw badArguments('phone: names no phone.', 'Name one, such as phone:R58M123ABC.');
  }
  const given = Object.entries(typed).filter(([, value]) => value !== undefined);
  const runners = runner === undefined ? {} : runnerSettings(options);
  return { ...base, ...runners, ...(Object.fromEntries(given) as Partial<PhoneSettings>) };
}

/** Throws `bad-arguments` for a runner of this computer. */
function phoneRunner({ runner }: PhoneOptions): RunnerName | undefined {
  if (runner === undefined || !isHostRunner(runner)) return runner;
  throw badArguments(
    `${runner} measures on this computer, not on a phone.`,
    `Use ${runner === 'tflite-cpu' ? 'tflite-glibc-cpu' : 'ort-glibc-cpu'}, or measure with --latency host.`,
  );
}

/** Throws `bad-arguments` where a runner of this computer is named for what runs nothing here. */
export function hostRunner(
  { runner }: Pick<PhoneOptions, 'runner'>,
  onHost: boolean,
  source: string,
): HostRunner | undefined {
  if (runner === undefined || !isHostRunner(runner)) return undefined;
  if (onHost) return runner;
  throw badArguments(
    `--runner ${runner} measures on this computer; ${source} does not.`,
    'Leave it out, or measure with --latency host.',
  );
}

/** `big`, `mid`, `little`, or a hexadecimal mask of cores. */
export function coreChoice(text: string): CoreChoice {
  const named = coreNames.find((name) => name === text);
  if (named) return named;
  const mask = /^(0x)?[0-9a-f]{1,4}$/i.test(text) ? parseInt(text, 16) : 0;
  if (mask > 0) return { mask };
  throw new InvalidArgumentError('It must be big, mid, little or a mask of cores such as c0.');
}

/** Where and how `zico measure` measures a model. Throws `bad-arguments` where options do not fit together. */
export function phoneTarget(
  latency: string,
  options: {
    readonly runs?: number;
    readonly warmUp?: number;
    readonly threads?: number;
    /** Percent; null for a fixed number of repeats. */
    readonly interval?: number | null;
  } & PhoneOptions,
): PhoneTarget {
  const { interval, threads, latencyPrecision } = options;
  const share = typeof interval === 'number' ? interval / 100 : interval;
  // Also where no runner is named, which the options of one would then belong to.
  runnerSettings(options);
  const settings = phoneSettings(latency, { ...options, phoneThreads: threads });
  return {
    ...phoneTargetOf(settings, share === undefined ? usualInterval : share),
    precision: latencyPrecision,
  };
}

/** A line of progress; null for events of no interest to a person. */
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

const warnings = (said: string | null) => (said === null ? [] : [`warning: ${said}`]);

export function readablePhone(measured: MeasuredOnPhone): string {
  const { model, serial, measurement } = measured;
  const { medianMs, intervalMs, p90Ms, minMs, unsteady, repeats, runner, settings, cores } =
    measurement;
  const ms = (value: number) => `${value.toPrecision(4)} ms`;
  const counted = repeats.filter(({ discarded }) => discarded === null).length;
  return [
    `${model}: ${ms(medianMs)} (median; ${intervalInWords(intervalMs, unsteady)}; 90th percentile ${ms(p90Ms)}, minimum ${ms(minMs)})`,
    ...(unsteady.length > 0 ? [`unsteady: ${reasonsInWords(unsteady)}`] : []),
    `phone ${serial}, cores ${cores.cores.join(', ')}; ${runner.name}, ${runner.engine} ${runner.version}, ${runner.precision}, threads ${settings.threads}`,
    `${counted} of ${repeats.length} repeats count, ${settings.runs} runs each after ${settings.warmUp}`,
    ...(measurement.placement
      ? [
          placementInWords(measurement.placement),
          ...warnings(placementWarning(measurement.placement)),
        ]
      : []),
    ...runner.refused.map(({ name, failure }) => `not taken: ${name}: ${failure.message}`),
    ...modelInWords(measured),
  ].join('\n');
}
