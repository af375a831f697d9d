/** The state a phone is in: read before and after whatever is timed, kept with it, and shown. */
import { z } from 'zod';

/** Null means that the phone does not report it. */
export const phoneConditionsSchema = z.object({
  /** When it was read, milliseconds since 1970 on this computer's clock. */
  readAtMs: z.number(),
  /** Percent. */
  batteryLevel: z.number().nullable(),
  batteryC: z.number().nullable(),
  /** USB charges the phone while it measures, which warms it: recorded, never a reason to refuse. */
  powered: z.enum(['usb', 'ac', 'wireless', 'none']).nullable(),
  /** Android's thermal status: 0 none, 1 light, ... 6 shutdown. */
  thermalStatus: z.number().nullable(),
  /** `locked`: awake but showing the lock screen, so that it will soon fall asleep. */
  screen: z.enum(['awake', 'locked', 'asleep', 'dreaming', 'dozing']).nullable(),
  zones: z.array(z.object({ name: z.string(), celsius: z.number() }).readonly()).readonly(),
  /** Current frequency of each core. */
  coreKHz: z.array(z.number().nullable()).readonly(),
  /** Highest frequency that each core may currently reach: throttling lowers it. */
  coreLimitKHz: z.array(z.number().nullable()).readonly(),
});
export type PhoneConditions = Readonly<z.infer<typeof phoneConditionsSchema>>;

/** Why a repeat is measured again or, if it was the last one, why a figure is less precise than asked for. */
export const requeueReasons = [
  'frequency-fell',
  'thermal-status',
  'medians-drift',
  'interval-not-reached',
] as const;
export type RequeueReason = (typeof requeueReasons)[number];
