/** What the JSON in run files looks like. Fields that are not named here may be there, and are kept. */
import { z } from 'zod';
import { engineNames, instructionSets, precisionSchema } from '../common/engines.ts';
import {
  conditionsContent,
  milliseconds,
  phoneMeasurementContent,
  runsContent,
} from '../common/latency-content.ts';
import { storedSettingsSchema } from '../common/settings/index.ts';

const finite = z.number();
const figure = finite.nullable();
const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const texts = z.array(z.string());

export { conditionsContent, runsContent };

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

export const genesContent = z.array(finite).max(1000);

/** Networks are checked when they are built. */
export const networkContent = z.strictObject({
  genes: genesContent,
  deployment: z.looseObject({}),
  scoring: z.looseObject({}),
});

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

const hostMeasurement = z.looseObject({
  repeats: z.array(
    z.looseObject({
      latenciesMs: z.array(milliseconds),
      load: z.looseObject({
        otherCores: finite,
        stolenShare: figure,
        waitedShare: figure,
        paceMs: finite.optional(),
        disturbedRuns: finite.optional(),
      }),
      discarded: z.string().nullable(),
    }),
  ),
  unsteady: texts,
});

/** The latency of a trained model, and under which conditions it was taken. */
export const trainedLatencyContent = z.looseObject({
  ...{ latencyMs: milliseconds, p90Ms: milliseconds, minMs: milliseconds },
  conditions: conditionsContent,
});

/** What a source recorded of its repeats. */
export const measurementContent = z.union([phoneMeasurementContent, hostMeasurement]);
