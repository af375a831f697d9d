/** What a phone of a farm is asked for and what it answers: a genotype, and a latency with all that went into it. */
import { z } from 'zod';
import { farmRunnerSchema } from '../common/farm.ts';
import {
  conditionsContent,
  milliseconds,
  phoneMeasurementContent,
  runsContent,
} from '../common/latency-content.ts';
import { phoneConditionsSchema } from '../common/phone-conditions.ts';
import type { Latency } from '../latency/latency.ts';
import { failureSchema, type Failure } from './jobs.ts';
import { farmDigest } from './work.ts';

/** One queue for each model of phone, whoever searches. */
export function measuringQueue(model: string): string {
  return `phone-${farmDigest(model).slice(0, 24)}`;
}

const modelDigest = z.string().regex(/^[0-9a-f]{64}$/);

export const measuringJobSchema = z.strictObject({
  format: z.number().int(),
  run: z.string().regex(/^[a-z0-9-]{1,80}$/),
  genotype: z.string().min(1).max(65_536),
  /** Of the model's bytes: shows that both sides build the same network. */
  sha256: modelDigest,
  /** What the run has been measured with so far; null in a new one. */
  runner: farmRunnerSchema.nullable(),
  /** How often a phone was lost while measuring it. */
  interruptions: z.number().int().min(0).max(100),
});
export type MeasuringJob = Readonly<z.infer<typeof measuringJobSchema>>;

const phoneState = phoneConditionsSchema.loose();
const repeat = phoneMeasurementContent.shape.repeats.element.extend({
  before: phoneState,
  after: phoneState,
});

const latencySchema = z.strictObject({
  ...{ latencyMs: milliseconds, p90Ms: milliseconds, minMs: milliseconds },
  runsMs: runsContent.max(1_000_000),
  conditions: conditionsContent.extend({
    source: z.literal('phone'),
    phone: conditionsContent.shape.phone.unwrap(),
  }),
  measurement: phoneMeasurementContent.extend({ repeats: z.array(repeat).max(10_000) }),
});

const measuredSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), worker: z.string().max(200), latency: latencySchema }),
  z.strictObject({ ok: z.literal(false), worker: z.string().max(200), failure: failureSchema }),
]);

export type MeasuredJob =
  | { readonly ok: true; readonly worker: string; readonly latency: Latency }
  | { readonly ok: false; readonly worker: string; readonly failure: Failure };

/** Null where it is no answer about this model. */
export function measuredIn(answer: string, sha256: string): MeasuredJob | null {
  try {
    const parsed = measuredSchema.safeParse(JSON.parse(answer));
    if (!parsed.success) return null;
    const measured = parsed.data as unknown as MeasuredJob;
    return measured.ok && measured.latency.measurement?.sha256 !== sha256 ? null : measured;
  } catch {
    return null;
  }
}
