/** How a search measures on phones: part of the settings of a run, stored with it. */
import { z } from 'zod';
import { usualRepeats } from './measuring.ts';
import { wholeIn, type WholeRange } from './ranges.ts';

/** The product's own. */
export const ownRunners = [
  'ort-android-cpu',
  'ort-android-xnnpack',
  'ort-android-nnapi',
  'ort-glibc-cpu',
  'tflite-glibc-cpu',
] as const;
export type OwnRunnerName = (typeof ownRunners)[number];

/** What runs models on a phone, as a person names it. */
export const runnerNames = [...ownRunners, 'tflite', 'command'] as const;
export type RunnerName = (typeof runnerNames)[number];

/** What TensorFlow Lite's benchmark_model may hand a network to; `cpu` is XNNPACK. */
export const tfliteDelegates = ['cpu', 'gpu', 'nnapi', 'hexagon'] as const;
export type TfliteDelegate = (typeof tfliteDelegates)[number];

/** Units that a program may print latencies in, in milliseconds. */
export const latencyUnits = { s: 1e3, ms: 1, us: 1e-3, ns: 1e-6 } as const;
export type LatencyUnit = keyof typeof latencyUnits;
export const latencyUnitNames = Object.keys(latencyUnits) as LatencyUnit[];

/** The cores to measure on, by speed. */
export const coreNames = ['big', 'mid', 'little'] as const;

/** Ranges for measuring on a phone; `runs` and `warmUp` also apply to this computer. */
export const measuringRanges = {
  threads: { from: 1, to: 64 },
  warmUp: { from: 0, to: 100_000 },
  runs: { from: 1, to: 100_000 },
  repeats: { from: 1, to: 100 },
} as const satisfies Readonly<Record<string, WholeRange>>;

/** The longest time that a phone may be waited for: a week. */
export const longestWaitSeconds = 604_800;
const seconds = z.number().positive().max(longestWaitSeconds);

export const phoneSettingsSchema = z.strictObject({
  /**
   * adb's names of the phones that share the work; null takes the one that is plugged in. A run that has
   * started names its phones.
   */
  serials: z.array(z.string().min(1).max(200)).min(1).max(16).nullable(),
  /** Such as SM-G973F: phones of another model are refused. Null only until the run starts. */
  model: z.string().nullable(),
  /** Phones of a farm measure, by their model; absent where they are plugged in where the search runs. */
  onFarm: z.literal(true).optional(),
  /** Null takes the first built-in runner that passes its check; a run keeps the one it started with. */
  runner: z.enum(runnerNames).nullable(),
  /** What the runner `tflite` needs; null for others. */
  tflite: z
    .strictObject({
      benchmark: z.string().min(1),
      /** Null: the Workbench writes the files itself. */
      converter: z.array(z.string()).min(1).nullable(),
      delegate: z.enum(tfliteDelegates).default('cpu'),
      flags: z.array(z.string()),
      version: z.string().min(1),
      precision: z.string().min(1),
      conversionLimitMs: z.number().positive(),
    })
    .nullable(),
  /** What the runner `command` needs; null for others. */
  command: z
    .strictObject({
      command: z.string().min(1),
      pattern: z.string().min(1),
      unit: z.enum(latencyUnitNames),
      engine: z.string().min(1),
      version: z.string().min(1),
      precision: z.string().min(1),
    })
    .nullable(),
  core: z.union([z.enum(coreNames), z.strictObject({ mask: z.number().int().min(1).max(0xffff) })]),
  threads: wholeIn(measuringRanges.threads),
  warmUp: wholeIn(measuringRanges.warmUp),
  runs: wholeIn(measuringRanges.runs),
  /** The most repeats if the run asks for an interval, else their exact number. */
  repeats: wholeIn(measuringRanges.repeats),
  /** How long a phone may take to become cool, charged and awake before the search gives up. */
  waitSeconds: seconds,
  /** How long a phone may be away, unplugged or off. */
  awaySeconds: seconds,
  /** How long one start of the runner may take before its candidate counts as failed. */
  runSeconds: seconds,
});
export type PhoneSettings = z.infer<typeof phoneSettingsSchema>;
/** The cores of a phone to measure on: a cluster, or a mask in which bit n stands for core n. */
export type CoreChoice = PhoneSettings['core'];

/** One thread on one kind of core: more threads were reported slower on the S10. */
export const defaultPhoneSettings: PhoneSettings = {
  serials: null,
  model: null,
  runner: null,
  tflite: null,
  command: null,
  core: 'big',
  threads: 1,
  warmUp: 10,
  runs: 50,
  repeats: usualRepeats,
  waitSeconds: 600,
  awaySeconds: 600,
  runSeconds: 120,
};
