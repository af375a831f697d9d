/** The part of the contract about phones: which ones there are, their condition, and what runs models on them. */
import { z } from 'zod';
import { phoneActivitySchema } from '../main/common/phone-activity.ts';
import { phoneConditionsSchema } from '../main/common/phone-conditions.ts';
import { phoneIdentitySchema, phoneStates, runnerIdentitySchema } from '../main/common/phones.ts';
import { portRange, wholeIn } from '../main/common/ranges.ts';
import { errorReportSchema } from '../main/common/report.ts';

/** The phone's name in adb. */
const serial = z.string().min(1).max(200);
const port = wholeIn(portRange);

/** A check that is running or has failed; a successful one becomes a proof. */
const check = z.object({
  running: z.boolean(),
  step: z.enum(['asking', 'trying', 'pushing']),
  /** The runner being tried. */
  runner: z.string().nullable(),
  /** Share of the bytes pushed so far, 0 to 1. */
  share: z.number().nullable(),
  error: errorReportSchema.nullable(),
});
export type PhoneCheck = z.infer<typeof check>;

const sample = z.object({
  atMs: z.number(),
  batteryC: z.number().nullable(),
  /** Frequency of the fastest core. */
  bigKHz: z.number().nullable(),
});
export type PhoneSample = z.infer<typeof sample>;

export const phoneRow = z.object({
  serial,
  state: z.enum(phoneStates),
  /** Since when it has been in this state, by this computer's clock. */
  sinceMs: z.number(),
  /** Why it cannot be used; null if it can. */
  problem: errorReportSchema.nullable(),
  identity: phoneIdentitySchema.nullable(),
  conditions: phoneConditionsSchema.nullable(),
  storage: z.object({ freeBytes: z.number(), totalBytes: z.number() }).nullable(),
  /** Why nothing can be measured on it right now; null if it is ready. */
  gate: errorReportSchema.nullable(),
  /** Samples of the last half hour at most, oldest first. */
  history: z.array(sample).readonly(),
  proof: z.object({ runner: runnerIdentitySchema, atMs: z.number() }).nullable(),
  check: check.nullable(),
  /** What it is doing for a search or a candidate in this app; null if nothing is being measured on it. */
  measuring: phoneActivitySchema.nullable(),
});
export type PhoneRow = z.infer<typeof phoneRow>;

export const phonesView = z.object({
  adb: z.object({
    /** Null until one has been found. */
    file: z.string().nullable(),
    /** Such as 1.0.41. */
    version: z.string().nullable(),
    port,
    /** True if the person chose the file; otherwise it was found. */
    chosen: z.boolean(),
  }),
  /** Why there is currently no list. */
  trouble: errorReportSchema.nullable(),
  /** True until phones have been looked for once. */
  looking: z.boolean(),
  phones: z.array(phoneRow),
  /** The phone on which searches measure by default. */
  preferred: serial.nullable(),
  /** Above this temperature a phone is left to cool first. */
  maxBatteryC: z.number(),
  /**
   * What gives this user access to the phone on Linux: a udev rule, the file that it goes into, and the command to run
   * after that.
   */
  udev: z.object({ file: z.string(), rule: z.string(), reload: z.string() }).readonly(),
});
export type PhonesView = z.infer<typeof phonesView>;

const none = z.tuple([]);
const nothing = z.null();

export const phoneMethods = {
  /** @param watched the page is in view: phones are polled more often for some seconds */
  'phones.view': { args: z.tuple([z.strictObject({ watched: z.boolean() })]), result: phonesView },
  /** Runs the self-test; the view shows how far it has got. Throws `phone-not-seen`, `phone-busy`. */
  'phones.check': { args: z.tuple([z.strictObject({ serial })]), result: nothing },
  'phones.stopCheck': { args: z.tuple([z.strictObject({ serial })]), result: nothing },
  /** Asks the person for the adb program; false if cancelled. Only a dialog can name a program. */
  'phones.chooseAdb': { args: none, result: z.boolean() },
  /** Goes back to the adb that is found automatically. */
  'phones.forgetAdb': { args: none, result: nothing },
  'phones.configure': {
    args: z.tuple([
      z.strictObject({
        /** Null takes ANDROID_ADB_SERVER_PORT, or 5037. */
        port: port.nullable().optional(),
        preferred: serial.nullable().optional(),
      }),
    ]),
    result: nothing,
  },
} as const;

export const phoneEvents = {
  /** Something about the phones changed; the page asks again. */
  'phones.changed': z.object({}),
} as const;
