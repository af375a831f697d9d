/** The settings of the app as a whole, as sent over the bridge and as stored. */
import { z } from 'zod';
import { portRange, wholeIn } from '../main/common/ranges.ts';

const pixels = z.number().int().min(0).max(10_000).nullable();

/** How the page of a search is divided; null if the person has not changed it. */
export const layoutSchema = z.strictObject({
  /** Height of the area below the chart. */
  lower: pixels,
  /** Width of the inspector. */
  inspector: pixels,
  /** Whether the bias panel is shown. */
  bias: z.boolean(),
});
export type PanelLayout = z.infer<typeof layoutSchema>;

export const preferencesSchema = z.strictObject({
  /** Whether to notify the person when a search ends while the window is out of sight. */
  notifyWhenDone: z.boolean(),
  /** Whether to look for a newer version at start and then once a day. */
  checkForUpdates: z.boolean(),
  /** Whether phones are followed from the start, because somebody has looked at them before. */
  followPhones: z.boolean(),
  /** The adb program that the person chose in a dialog; null takes the one that is found. */
  adbFile: z.string().nullable(),
  /** Port of the adb server; null takes adb's own. */
  adbPort: wholeIn(portRange).nullable(),
  /** Serial number of the phone on which searches measure by default. */
  preferredPhone: z.string().nullable(),
  layout: layoutSchema,
});
export type Preferences = z.infer<typeof preferencesSchema>;

export const defaultPreferences: Preferences = {
  notifyWhenDone: true,
  checkForUpdates: true,
  followPhones: false,
  adbFile: null,
  adbPort: null,
  preferredPhone: null,
  layout: { lower: null, inspector: null, bias: true },
};

/** The preferences that the page may set itself; the adb program is chosen in a dialog (phones.ts). */
const ofThePage = preferencesSchema.pick({
  notifyWhenDone: true,
  checkForUpdates: true,
  layout: true,
});

/** Whether this copy of the app can update itself, and how far an update has got. */
export const updateState = z.discriminatedUnion('state', [
  /** Not installed from a package that knows where to find newer versions. */
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
    args: z.tuple([ofThePage.partial()]),
    result: preferencesSchema,
  },
  'updates.state': { args: none, result: updateState },
  /** Looks for a newer version now, whatever the preference says. */
  'updates.check': { args: none, result: updateState },
} as const;

export const preferenceEvents = {
  /** The state of the update changed; the page asks again. */
  'updates.changed': z.object({}),
} as const;
