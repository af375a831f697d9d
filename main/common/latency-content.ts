/** What a latency looks like as JSON, in run files and between computers. Fields that are not named here are kept. */
import { z } from 'zod';
import { timedKinds } from './latency-sources.ts';
import { placementSchema } from './placement.ts';

const finite = z.number();
const figure = finite.nullable();
/** More than any latency, 11 days: what a run file may hold. */
export const mostMilliseconds = 1e9;
export const milliseconds = z.number().min(0).max(mostMilliseconds);
const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const share = z.number().min(0).max(1);
const texts = z.array(z.string());
const text = z.string().nullable();

/** Null for a single repeat. */
const interval = z.tuple([milliseconds, milliseconds]).nullable();

export const runsContent = z.array(milliseconds);

export const conditionsContent = z.looseObject({
  source: z.enum(timedKinds),
  ...{ device: z.string(), runner: z.string(), engineVersion: z.string(), precision: z.string() },
  ...{ threads: whole, warmUp: whole, runs: whole },
  interval: z
    .looseObject({ ms: interval, asked: figure, reached: z.boolean(), covers: share.optional() })
    .optional(),
  phone: z
    .looseObject({
      ...{ serial: z.string(), serialNumber: text, model: text, chip: text, android: text },
      ...{ engine: z.string(), provider: text, mask: whole },
      intervalMs: interval,
      unsteady: texts,
      correctedMs: figure,
      placement: placementSchema.nullable().optional(),
      worker: z.string().max(200).optional(),
    })
    .optional(),
  host: z.looseObject({ repeats: whole, unsteady: texts }).optional(),
  estimate: z
    .looseObject({
      ...{ medianPercent: finite, p90Percent: finite, withinMeasuredRange: z.boolean() },
      outside: texts.optional(),
    })
    .optional(),
});

/** What of the conditions says how far a latency may be off: a list of thousands reads no more. */
export const latencyErrorContent = z.object({
  interval: z.object({ ms: interval, covers: share.optional() }).optional(),
  phone: z.object({ intervalMs: interval, unsteady: texts }).optional(),
  host: z.object({ unsteady: texts }).optional(),
  estimate: z.object({ p90Percent: finite, withinMeasuredRange: z.boolean() }).optional(),
});

type LatencyError = z.infer<typeof latencyErrorContent>;

/** Whether a value is what the schema of it takes, many times as quickly; whoever is refused asks that for the reason. */
export function isLatencyError(value: unknown): value is LatencyError {
  if (!isObject(value)) return false;
  const { interval: found, phone, host, estimate } = value;
  return (
    (found === undefined ||
      (isObject(found) && isInterval(found['ms']) && isShareOrNone(found['covers']))) &&
    (phone === undefined ||
      (isObject(phone) && isInterval(phone['intervalMs']) && isTexts(phone['unsteady']))) &&
    (host === undefined || (isObject(host) && isTexts(host['unsteady']))) &&
    (estimate === undefined ||
      (isObject(estimate) &&
        Number.isFinite(estimate['p90Percent']) &&
        typeof estimate['withinMeasuredRange'] === 'boolean'))
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isInterval = (value: unknown): boolean =>
  value === null || (Array.isArray(value) && value.length === 2 && value.every(isMilliseconds));
const isMilliseconds = (value: unknown): boolean =>
  typeof value === 'number' && value >= 0 && value <= mostMilliseconds;
const isShareOrNone = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && value >= 0 && value <= 1);
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

export const phoneMeasurementContent = z.looseObject({
  sha256: z.string(),
  ...{ medianMs: milliseconds, p90Ms: milliseconds, minMs: milliseconds },
  intervalMs: interval,
  unsteady: texts,
  repeats: z.array(
    z.looseObject({
      latenciesMs: z.array(milliseconds),
      before: z.looseObject({}),
      after: z.looseObject({}),
      coreKHzBefore: z.array(figure),
      coreKHzAfter: z.array(figure),
      discarded: text,
    }),
  ),
  drift: z
    .looseObject({ factor: finite, correctedMs: finite, referenceMs: z.array(finite).length(3) })
    .nullable(),
  placement: placementSchema.nullable().optional(),
  runner: z.looseObject({ name: z.string(), engine: z.string(), version: z.string() }),
  settings: z.looseObject({}),
  cores: z.looseObject({ cores: z.array(whole), mask: whole }),
});
