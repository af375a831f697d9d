/** What is known about a scored network besides its score: counts of its layers, and scores of proxies. */
import { z } from 'zod';
import { proxyKeys } from './proxies.ts';

const whole = z.number().int().nonnegative();

export const proxyReadingSchema = z.object({
  /** Null where it has no value: the network is ranked last. */
  value: z.number().nullable(),
  /** Why it has none. */
  reason: z.string().optional(),
  /** How many values of the network it had to clip; absent where none. */
  shortened: whole.optional(),
});

export const networkFactsSchema = z.object({
  /** Convolutions and fully connected layers. */
  layers: whole,
  /** Those whose weights get a gradient in any batch; null where no gradients were computed. */
  liveLayers: whole.nullable(),
  /** Sum over the layers of the logarithm of their output channels. */
  lnChannels: z.number(),
  /** By key; absent where a proxy was not asked for. */
  proxies: z.partialRecord(z.enum(proxyKeys), proxyReadingSchema),
});
export type NetworkFacts = Readonly<z.infer<typeof networkFactsSchema>>;
