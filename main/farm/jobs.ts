/** Jobs for workers and their results: some hundred bytes, and a row of the run file. */
import { z } from 'zod';
import { engineIdentitySchema } from '../common/engines.ts';
import { networkFactsSchema } from '../common/network-facts.ts';
import type { CandidateScore } from '../run/candidate.ts';
import { farmDigest } from './work.ts';

export const scoringJobSchema = z.strictObject({
  format: z.number().int(),
  genotype: z.string().min(1).max(65_536),
});

/** The same network of the same run is the same job: it cannot be queued twice. */
export function jobId(run: string, kind: 'score' | 'measure', genotype: string): string {
  return `j${farmDigest(run, kind, genotype)}`;
}

const figure = z.number().nullable();
const biases = z.strictObject({ live: z.number(), all: z.number() });
const text = z.string().max(1000);

const scoreSchema = z.strictObject({
  // Null if only proxies rank.
  ...{ zico: figure, zicoCapped: figure, bias: figure },
  biases: z.strictObject({ deployment: biases, scoring: biases }).optional(),
  facts: networkFactsSchema,
  termCap: z.number(),
  losses: z.array(z.number()).max(10_000),
  layers: z
    .array(
      z.strictObject({
        ...{ name: text, kind: text },
        ...{ weights: z.number(), height: z.number(), width: z.number(), channels: z.number() },
        // In JSON, a number that is not finite becomes null.
        ...{ sum: figure, sumCapped: figure, gradientNorms: z.array(figure).max(10_000) },
      }),
    )
    .max(100_000),
  engine: engineIdentitySchema,
  seconds: z.number().min(0).max(1e9),
});

export const failureSchema = z.strictObject({
  code: z.string().max(100),
  message: z.string().max(20_000),
  hint: z.string().max(20_000),
});

export type Failure = Readonly<z.infer<typeof failureSchema>>;

export const resultSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), worker: text, score: scoreSchema }),
  z.strictObject({ ok: z.literal(false), worker: text, failure: failureSchema }),
]);

export type JobResult =
  | { readonly ok: true; readonly worker: string; readonly score: CandidateScore }
  | {
      readonly ok: false;
      readonly worker: string;
      readonly failure: Failure;
    };

/** Null if it is not a result. */
export function resultIn(answer: string): JobResult | null {
  try {
    const parsed = resultSchema.safeParse(JSON.parse(answer));
    return parsed.success ? (parsed.data as unknown as JobResult) : null;
  } catch {
    return null;
  }
}
