/** What is known about a scored network besides its score: layer counts and proxies. */
import { z } from 'zod';
import { proxyKeys } from './proxies.ts';

const whole = z.number().int().nonnegative();

export const proxyReadingSchema = z.object({
  /** Null if it has no value: the network then ranks last. */
  value: z.number().nullable(),
  /** Why it has none. */
  reason: z.string().optional(),
  /** Number of the network's values that had to be clipped; absent if none. */
  shortened: whole.optional(),
});

export const networkFactsSchema = z.object({
  /** Convolutions and fully connected layers. */
  layers: whole,
  /** Layers whose weights get a gradient in any batch; null if no gradients were computed. */
  liveLayers: whole.nullable(),
  /** Sum over the layers of the logarithm of their output channels. */
  lnChannels: z.number(),
  /** By key; absent for a proxy that was not asked for. */
  proxies: z.partialRecord(z.enum(proxyKeys), proxyReadingSchema),
});
export type NetworkFacts = Readonly<z.infer<typeof networkFactsSchema>>;
