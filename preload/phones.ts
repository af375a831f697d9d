/** The part of the contract about phones: which are there, how they are doing, and what runs models on them. */
import { z } from 'zod';
import { phoneActivitySchema } from '../main/common/phone-activity.ts';
import { phoneConditionsSchema } from '../main/common/phone-conditions.ts';
import { phoneIdentitySchema, phoneStates, runnerIdentitySchema } from '../main/common/phones.ts';
import { portRange, wholeIn } from '../main/common/ranges.ts';
import { errorReportSchema } from '../main/common/report.ts';

/** As adb names it. */
const serial = z.string().min(1).max(200);
const port = wholeIn(portRange);

/** A check that is running or has failed; one that went well becomes a proof. */
const check = z.object({
  running: z.boolean(),
  step: z.enum(['asking', 'trying', 'pushing']),
  /** Which runner is being tried. */
  runner: z.string().nullable(),
  /** Share of the bytes that have been pushed, 0 to 1. */
  share: z.number().nullable(),
  error: errorReportSchema.nullable(),
});
export type PhoneCheck = z.infer<typeof check>;

const sample = z.object({
  atMs: z.number(),
  batteryC: z.number().nullable(),
  /** Of the fastest core. */
  bigKHz: z.number().nullable(),
});
export type PhoneSample = z.infer<typeof sample>;

export const phoneRow = z.object({
  serial,
  state: z.enum(phoneStates),
  /** Since when it has been in this state, on this computer's clock. */
  sinceMs: z.number(),
  /** Why it cannot be used; null where it can be. */
  problem: errorReportSchema.nullable(),
  identity: phoneIdentitySchema.nullable(),
  conditions: phoneConditionsSchema.nullable(),
  storage: z.object({ freeBytes: z.number(), totalBytes: z.number() }).nullable(),
  /** Why nothing would be measured on it right now; null where something would. */
  gate: errorReportSchema.nullable(),
  /** Of the last half hour at most, oldest first. */
  history: z.array(sample).readonly(),
  proof: z.object({ runner: runnerIdentitySchema, atMs: z.number() }).nullable(),
  check: check.nullable(),
  /** What it is doing for a search or a candidate of this app; null where nothing is measuring on it. */
  measuring: phoneActivitySchema.nullable(),
});
export type PhoneRow = z.infer<typeof phoneRow>;

export const phonesView = z.object({
  adb: z.object({
    /** Null until one was found. */
    file: z.string().nullable(),
    /** Such as 1.0.41. */
    version: z.string().nullable(),
    port,
    /** The person chose the file; otherwise it was found. */
    chosen: z.boolean(),
  }),
  /** Why there is no list at present. */
  trouble: errorReportSchema.nullable(),
  /** The first look has not finished yet. */
  looking: z.boolean(),
  phones: z.array(phoneRow),
  /** What a search measures on by default. */
  preferred: serial.nullable(),
  /** Above this the phone is left to cool first. */
  maxBatteryC: z.number(),
  /**
   * What lets this user open the phone on Linux: a line, the file that it goes into, and the command to run
   * after that.
   */
  udev: z.object({ file: z.string(), rule: z.string(), reload: z.string() }).readonly(),
});
export type PhonesView = z.infer<typeof phonesView>;

const none = z.tuple([]);
const nothing = z.null();

export const phoneMethods = {
  /** @param watched the page is in sight: phones are asked more often for some seconds */
  'phones.view': { args: z.tuple([z.strictObject({ watched: z.boolean() })]), result: phonesView },
  /** Runs the self-test; the view shows how far it has got. Throws `phone-not-seen`, `phone-busy`. */
  'phones.check': { args: z.tuple([z.strictObject({ serial })]), result: nothing },
  'phones.stopCheck': { args: z.tuple([z.strictObject({ serial })]), result: nothing },
  /** Asks the person for the adb program; false when they cancel. Only a dialog can name a program. */
  'phones.chooseAdb': { args: none, result: z.boolean() },
  /** Goes back to the adb that is found. */
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
