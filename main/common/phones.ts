/** What is known of a phone, and what runs models on it. */
import { z } from 'zod';
import { errorReportSchema } from './report.ts';

/**
 * What adb says of a phone. `connecting`: it has just been plugged in, and another state follows; `not-started`: it
 * is in its boot loader or recovery, where there is no shell to work in.
 */
export const phoneStates = [
  'ready',
  'unauthorized',
  'offline',
  'no-permission',
  'connecting',
  'not-started',
] as const;
export type PhoneState = (typeof phoneStates)[number];

/** Cores of equal speed; numbers as Linux has them. */
export const coreClusterSchema = z.object({
  cores: z.array(z.number()).readonly(),
  maxKHz: z.number(),
  /** Bit n stands for core n. */
  mask: z.number(),
});
export type CoreCluster = Readonly<z.infer<typeof coreClusterSchema>>;

/** Null stands for what the phone does not tell. */
export const phoneIdentitySchema = z.object({
  /** ro.serialno: the number on the phone itself, where adb names it by an address. */
  serialNumber: z.string().nullable(),
  /** Such as SM-G973F. */
  model: z.string().nullable(),
  /** Such as Exynos 9820, or the platform's own name. */
  chip: z.string().nullable(),
  /** Such as 12. */
  android: z.string().nullable(),
  sdk: z.number().nullable(),
  /** Such as arm64-v8a. */
  abi: z.string().nullable(),
  /** Slowest first; empty where the phone does not tell. */
  clusters: z.array(coreClusterSchema).readonly(),
});
export type PhoneIdentity = Readonly<z.infer<typeof phoneIdentitySchema>>;

/** What ran a model: part of every latency. */
export const runnerIdentitySchema = z.object({
  /** Such as `ort-android-xnnpack`. */
  name: z.string(),
  engine: z.string(),
  version: z.string(),
  precision: z.string(),
  /** Execution provider or delegate; null where the runner does not say. */
  provider: z.string().nullable(),
  /** The self-test's output sum was right, or the runner prints none and only ran. */
  proof: z.enum(['output-sum', 'ran']),
  /** Those that come before it and were tried, and why they were not taken. */
  refused: z.array(z.object({ name: z.string(), failure: errorReportSchema })).readonly(),
});
export type RunnerIdentity = Readonly<z.infer<typeof runnerIdentitySchema>>;
