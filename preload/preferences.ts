/** The settings of the app as a whole, as they cross the bridge and as they are stored. */
import { z } from 'zod';

export const preferencesSchema = z.strictObject({
  /** Tell by a notification that a search has ended while the window was out of sight. */
  notifyWhenDone: z.boolean(),
  /** Ask at the start, and once a day, whether there is a newer version. */
  checkForUpdates: z.boolean(),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export const defaultPreferences: Preferences = { notifyWhenDone: true, checkForUpdates: true };

/** Whether this copy of the app can renew itself, and how far that is. */
export const updateState = z.discriminatedUnion('state', [
  /** Not installed from a package that knows where its newer versions lie. */
  z.object({ state: z.literal('unavailable') }),
  z.object({ state: z.literal('idle'), checkedAt: z.string().nullable() }),
  z.object({ state: z.literal('checking') }),
  z.object({ state: z.literal('downloading'), version: z.string(), percent: z.number() }),
  /** Will be installed when the app is closed. */
  z.object({ state: z.literal('ready'), version: z.string() }),
  z.object({ state: z.literal('failed'), message: z.string() }),
]);
export type UpdateState = z.infer<typeof updateState>;

const none = z.tuple([]);

export const preferenceMethods = {
  'preferences.read': { args: none, result: preferencesSchema },
  'preferences.change': {
    args: z.tuple([preferencesSchema.partial()]),
    result: preferencesSchema,
  },
  'updates.state': { args: none, result: updateState },
  /** Asks now, whatever the preference says. */
  'updates.check': { args: none, result: updateState },
} as const;

export const preferenceEvents = {
  /** The state of the update changed; the page asks again. */
  'updates.changed': z.object({}),
} as const;
