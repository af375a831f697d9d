/** How a search measures on phones: part of the settings of a run, stored with it. */
import { z } from 'zod';

export const onnxRuntimeRunners = [
  'ort-android-cpu',
  'ort-android-xnnpack',
  'ort-android-nnapi',
  'ort-glibc-cpu',
] as const;
export type OnnxRuntimeRunnerName = (typeof onnxRuntimeRunners)[number];

/** What runs models on a phone, as a person names it. */
export const runnerNames = [...onnxRuntimeRunners, 'tflite', 'command'] as const;
export type RunnerName = (typeof runnerNames)[number];

/** Units that a program may print latencies in, in milliseconds. */
export const latencyUnits = { s: 1e3, ms: 1, us: 1e-3, ns: 1e-6 } as const;
export type LatencyUnit = keyof typeof latencyUnits;
export const latencyUnitNames = Object.keys(latencyUnits) as LatencyUnit[];

const seconds = z.number().positive().max(604_800);

export const phoneSettingsSchema = z.strictObject({
  /**
   * adb's names of the phones that share the work; null takes the one that is plugged in. A run that was
   * started names them.
   */
  serials: z.array(z.string().min(1).max(200)).min(1).max(16).nullable(),
  /** Such as SM-G973F: phones of another model are refused. Null only until the run is started. */
  model: z.string().nullable(),
  /** Null takes the first of the product's own that proves itself; a run keeps to the one it began with. */
  runner: z.enum(runnerNames).nullable(),
  /** What the runner `tflite` needs, else null. */
  tflite: z
    .strictObject({
      benchmark: z.string().min(1),
      converter: z.array(z.string()).min(1),
      flags: z.array(z.string()),
      version: z.string().min(1),
      precision: z.string().min(1),
      conversionLimitMs: z.number().positive(),
    })
    .nullable(),
  /** What the runner `command` needs, else null. */
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
  core: z.union([
    z.enum(['big', 'mid', 'little']),
    z.strictObject({ mask: z.number().int().min(1).max(0xffff) }),
  ]),
  threads: z.number().int().min(1).max(64),
  warmUp: z.number().int().min(0).max(100_000),
  runs: z.number().int().min(1).max(100_000),
  repeats: z.number().int().min(1).max(100),
  /** How long a phone may take to become cool, charged and awake before the search gives up. */
  waitSeconds: seconds,
  /** How long a phone may be away, unplugged or off. */
  awaySeconds: seconds,
  /** How long one start of the runner may take before its candidate counts as failed. */
  runSeconds: seconds,
});
export type PhoneSettings = z.infer<typeof phoneSettingsSchema>;
/** Which cores of a phone measure: a cluster, or a mask in which bit n stands for core n. */
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
  repeats: 3,
  waitSeconds: 600,
  awaySeconds: 600,
  runSeconds: 120,
};
