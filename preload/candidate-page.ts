/**
 * Candidates as they cross to the page: one row as an object where somebody looks at it, thousands as columns.
 * A column is a typed array, which crosses as one block of memory, whereas every object costs time on both
 * sides.
 */
import { z } from 'zod';
import { candidateStatuses } from '../main/common/run-states.ts';
import { proxyKeys } from '../main/common/proxies.ts';
import { biasWays } from '../main/common/zico-bc.ts';
import { errorReportSchema } from '../main/common/report.ts';

const candidateId = z.number().int().positive();

/** One row of the candidate table; details come from `runs.candidate`. */
export const candidateRow = z.object({
  id: candidateId,
  genotype: z.string(),
  /** Gene values in the order of the space's genes. */
  values: z.array(z.number()),
  generation: z.number(),
  parents: z.array(candidateId),
  parameters: z.number(),
  macs: z.number(),
  /** Place in the range of the space, 0 to 1; null where the space fixes the measure or has none. */
  relativeDepth: z.number().nullable(),
  relativeWidth: z.number().nullable(),
  status: z.enum(candidateStatuses),
  zico: z.number().nullable(),
  zicoCapped: z.number().nullable(),
  bias: z.number().nullable(),
  /** By key, of the proxies that were asked; null where one has no value. */
  proxies: z.partialRecord(z.enum(proxyKeys), z.number().nullable()),
  /** The bias in every way of counting it; empty in runs that are older than the choice. */
  biases: z.partialRecord(z.enum(biasWays), z.number()),
  latencyMs: z.number().nullable(),
  failure: errorReportSchema.nullable(),
});
export type CandidateRow = z.infer<typeof candidateRow>;

const integers = z.instanceof(Int32Array);
const doubles = z.instanceof(Float64Array);

/** Rows in id order, one entry per row in every column; NaN where a row has no value. */
export const candidatePage = z.object({
  ids: integers,
  generations: integers,
  /** Joined by line breaks, which no genotype has. */
  genotypes: z.string(),
  /** How many values each row has. */
  genes: z.number().int(),
  /** Gene values, row after row. */
  values: doubles,
  /** Ids of the parents, row after row. */
  parents: integers,
  /** How many parents each row has. */
  parentCounts: integers,
  parameters: doubles,
  macs: doubles,
  relativeDepth: doubles,
  relativeWidth: doubles,
  zico: doubles,
  zicoCapped: doubles,
  bias: doubles,
  /** By key, of the proxies that were asked for any of them. */
  proxies: z.partialRecord(z.enum(proxyKeys), doubles),
  /** In every way of counting it, where any of them has that. */
  biases: z.partialRecord(z.enum(biasWays), doubles),
  latencyMs: doubles,
  /** Of those that failed, with their place in the page. */
  failures: z.array(z.object({ index: z.number().int(), failure: errorReportSchema })),
});
export type CandidatePage = z.infer<typeof candidatePage>;
