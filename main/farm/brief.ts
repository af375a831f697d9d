/** What a worker has to know of a run before its phones can measure networks by their genotypes alone. */
import { z } from 'zod';
import { storedSettingsSchema, type SearchSettings } from '../common/settings/index.ts';
import { WorkbenchError } from '../errors.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import { spaceOfRun } from '../space/index.ts';
import { decisiveSettings, farmDigest } from './work.ts';

export interface Brief {
  readonly space: DescribedSpace;
  /** As far as they decide networks and measurements: no path, no command. */
  readonly settings: SearchSettings;
}

const briefSchema = z.strictObject({
  space: z.looseObject({}),
  settings: storedSettingsSchema,
});

export function packBrief({ space, settings }: Brief): string {
  return JSON.stringify({ space: space.description, settings: decisiveSettings(settings) });
}

/** Throws WorkbenchError `farm-foreign-data` where it is not what `packBrief` makes, or not what its digest says. */
export function unpackBrief(text: string, digest: string): Brief {
  try {
    if (farmDigest(text) !== digest) throw new Error('its digest does not agree');
    const { space, settings } = briefSchema.parse(JSON.parse(text));
    return { space: spaceOfRun({ space, settings }), settings };
  } catch (cause) {
    throw new WorkbenchError(
      'farm-foreign-data',
      'What the farm keeps as the space and settings of a run cannot be read.',
      'Somebody else may write into this Redis, or the versions differ. Give the farm a database of its own.',
      { cause },
    );
  }
}
