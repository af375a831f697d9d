/** What the JSON in run files looks like. Fields that are not named here may be there, and are kept. */
import { z } from 'zod';
import { engineNames, instructionSets, precisionSchema } from '../common/engines.ts';
import { timedKinds } from '../common/latency-sources.ts';
import { storedSettingsSchema } from '../common/settings/index.ts';

const finite = z.number();
const figure = finite.nullable();
const milliseconds = z.number().min(0).max(1e9);
const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const texts = z.array(z.string());

export const settingsContent = storedSettingsSchema;

/** Descriptions of spaces are checked when they are interpreted. */
export const spaceContent = z.looseObject({});

export const tagsContent = texts;

export const warningsContent = z.array(
  z.looseObject({
    ...{ code: z.string(), message: z.string(), hint: z.string() },
    ...{ count: finite, examples: texts },
  }),
);

const instructions = z.enum(instructionSets);

export const scoringContent = z.looseObject({
  engine: z.enum(engineNames),
  version: z.string(),
  workers: whole.nullable(),
  threads: whole.nullable(),
  precision: precisionSchema.optional(),
  instructions: instructions.optional(),
  note: z.string().nullable(),
});

export const parentsContent = z.array(z.number().int().min(1).max(0x7fff_ffff)).max(1000);

export const lossesContent = z.array(finite).max(10_000);

export const engineContent = z.looseObject({
  name: z.enum(engineNames),
  version: z.string(),
  threads: whole,
  precision: precisionSchema.optional(),
  instructions: instructions.optional(),
});

const side = z.number().int().min(1).max(1_000_000);
const size = z.tuple([side, side]);

export const resolutionsContent = z.looseObject({ scoring: size, deployment: size });

export const layersContent = z.array(
  z.looseObject({
    name: z.string(),
    kind: z.string(),
    ...{ weights: whole, height: whole, width: whole, channels: whole },
    // In JSON, a number that is not finite becomes null.
    ...{ sum: figure, sumCapped: figure, gradientNorms: z.array(figure) },
  }),
);

export const runsContent = z.array(milliseconds);

const text = z.string().nullable();

/** Null for a single repeat. */
const interval = z.tuple([milliseconds, milliseconds]).nullable();

export const conditionsContent = z.looseObject({
  source: z.enum(timedKinds),
  ...{ device: z.string(), runner: z.string(), engineVersion: z.string(), precision: z.string() },
  ...{ threads: whole, warmUp: whole, runs: whole },
  interval: z.looseObject({ ms: interval, asked: figure, reached: z.boolean() }).optional(),
  phone: z
    .looseObject({
      ...{ serial: z.string(), serialNumber: text, model: text, chip: text, android: text },
      ...{ engine: z.string(), provider: text, mask: whole },
      intervalMs: interval,
      unsteady: texts,
      correctedMs: figure,
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

const phoneMeasurement = z.looseObject({
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
  runner: z.looseObject({ name: z.string(), engine: z.string(), version: z.string() }),
  settings: z.looseObject({}),
  cores: z.looseObject({ cores: z.array(whole), mask: whole }),
});

const hostMeasurement = z.looseObject({
  repeats: z.array(
    z.looseObject({
      latenciesMs: z.array(milliseconds),
      load: z.looseObject({ otherCores: finite, stolenShare: figure, waitedShare: figure }),
      discarded: text,
    }),
  ),
  unsteady: texts,
});

/** What a source recorded of its repeats. */
export const measurementContent = z.union([phoneMeasurement, hostMeasurement]);
