/** Schemas that all parts of the contract use. */
import { z } from 'zod';

/** Opaque identifier of a run that the main side has registered, never a path. */
export const runId = z.string().min(1).max(200);
export const candidateId = z.number().int().positive();
export const positiveCount = z.number().int().positive();
export const none = z.tuple([]);
export const nothing = z.null();
/** Height and width in pixels. */
export const imageSize = z.tuple([positiveCount, positiveCount]);
