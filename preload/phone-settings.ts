/** How a search measures on phones, as the window says it; main/phone/run-settings.ts holds the meaning. */
import { z } from 'zod';

const seconds = z.number().positive().max(604_800);

export const phoneSettings = z.strictObject({
  /** adb's names; null takes the one that is plugged in. A run that was started names them. */
  serials: z.array(z.string().min(1).max(200)).min(1).max(16).nullable(),
  /** Null until the run is started. */
  model: z.string().nullable(),
  runner: z
    .enum([
      'ort-android-cpu',
      'ort-android-xnnpack',
      'ort-android-nnapi',
      'ort-glibc-cpu',
      'tflite',
      'command',
    ])
    .nullable(),
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
  /** For a phone to become cool, charged and awake; to come back; for one start of the runner. */
  waitSeconds: seconds,
  awaySeconds: seconds,
  runSeconds: seconds,
});
export type PhoneSettings = z.infer<typeof phoneSettings>;

/** The same as the main side's: a test holds the two together. */
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
