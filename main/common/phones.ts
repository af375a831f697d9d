/** What is known about a phone, and about what runs models on it. */
import { z } from 'zod';
import { errorReportSchema } from './report.ts';

/**
 * What adb says about a phone. `connecting`: it has just been plugged in, and another state will follow; `not-started`:
 * it is in its boot loader or recovery, where no shell is available.
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

/** Cores of equal speed, by their numbers in Linux. */
export const coreClusterSchema = z.object({
  cores: z.array(z.number()).readonly(),
  maxKHz: z.number(),
  /** Bit n stands for core n. */
  mask: z.number(),
});
export type CoreCluster = Readonly<z.infer<typeof coreClusterSchema>>;

/** Null means that the phone does not report it. */
export const phoneIdentitySchema = z.object({
  /** ro.serialno: the phone's own serial number, which matters if adb names it by an address. */
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
  /** Slowest first; empty if the phone does not report them. */
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
  /** Execution provider or delegate; null if the runner does not say. */
  provider: z.string().nullable(),
  /** How it was checked: the self-test's output sum was right, or it prints no sum and merely ran. */
  proof: z.enum(['output-sum', 'ran']),
  /** Runners of higher priority that were tried, and why each failed. */
  refused: z.array(z.object({ name: z.string(), failure: errorReportSchema })).readonly(),
});
export type RunnerIdentity = Readonly<z.infer<typeof runnerIdentitySchema>>;
