/** The part of the contract about what this copy of the app keeps on the computer, and about reporting problems. */
import { z } from 'zod';

/** Places that the app keeps files in, each a folder. */
export const keptPlaces = ['runs', 'settings', 'scores', 'cache', 'logs'] as const;
export type KeptPlace = (typeof keptPlaces)[number];

const place = z.object({
  folder: z.string(),
  /** Of the files in it; not of other programs' folders that lie in it. */
  bytes: z.number(),
  files: z.number(),
});

export const storageUsed = z.object({
  /** Each counts what the others do not. */
  places: z.record(z.enum(keptPlaces), place),
  /** Left on the disk that the runs are on; null where the system does not say. */
  freeBytes: z.number().nullable(),
});
export type StorageUsed = z.infer<typeof storageUsed>;

/** Of the messages in a report, in characters. */
export const longestMessages = 100_000;

export const supportMethods = {
  'support.storage': { args: z.tuple([]), result: storageUsed },
  /** Shows one of the places in the system's file manager. */
  'support.show': {
    args: z.tuple([z.strictObject({ place: z.enum(keptPlaces) })]),
    result: z.null(),
  },
  /**
   * What a report of a problem says: version, system, the messages of the window, and the last lines of the log, each
   * for itself and without the home folder.
   */
  'support.report': {
    args: z.tuple([z.strictObject({ messages: z.string().max(longestMessages) })]),
    result: z.object({
      about: z.string(),
      messages: z.string(),
      /** Empty where nothing was logged. */
      log: z.string(),
    }),
  },
} as const;
