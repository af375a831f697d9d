/** The state a phone is in, as the window hears it; main/latency/phone-conditions.ts holds the meaning. */
import { z } from 'zod';

export const phoneConditions = z.object({
  readAtMs: z.number(),
  batteryLevel: z.number().nullable(),
  batteryC: z.number().nullable(),
  powered: z.enum(['usb', 'ac', 'wireless', 'none']).nullable(),
  thermalStatus: z.number().nullable(),
  screen: z.enum(['awake', 'locked', 'asleep', 'dreaming', 'dozing']).nullable(),
  zones: z.array(z.object({ name: z.string(), celsius: z.number() })).readonly(),
  coreKHz: z.array(z.number().nullable()).readonly(),
  coreLimitKHz: z.array(z.number().nullable()).readonly(),
});
export type PhoneConditions = z.infer<typeof phoneConditions>;
