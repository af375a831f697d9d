/** How a search measures on phones: part of the settings of a run, stored with it. */
import { z } from 'zod';
import type { MeasuringSettings } from '../latency/phone-measurement.ts';
import { defaultMeasuring } from './protocol/settings.ts';
import { runnerNames } from './runners/names.ts';

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
      unit: z.enum(['s', 'ms', 'us', 'ns']),
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

export const defaultPhoneSettings: PhoneSettings = {
  serials: null,
  model: null,
  runner: null,
  tflite: null,
  command: null,
  core: defaultMeasuring.core,
  threads: defaultMeasuring.threads,
  warmUp: defaultMeasuring.warmUp,
  runs: defaultMeasuring.runs,
  repeats: defaultMeasuring.repeats,
  waitSeconds: defaultMeasuring.gates.limitMs / 1000,
  awaySeconds: 600,
  runSeconds: defaultMeasuring.runLimitMs / 1000,
};

export function measuringSettings(settings: PhoneSettings): MeasuringSettings {
  const { core, threads, warmUp, runs, repeats, waitSeconds, runSeconds } = settings;
  return {
    ...defaultMeasuring,
    ...{ core, threads, warmUp, runs, repeats },
    gates: { ...defaultMeasuring.gates, limitMs: waitSeconds * 1000 },
    runLimitMs: runSeconds * 1000,
  };
}
