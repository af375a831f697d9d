/** A search as the form asks for it, whether it begins at once or waits in the queue. */
import { z } from 'zod';
import { scoringWishSchema } from '../main/common/engines.ts';
import { searchSettingsSchema } from '../main/common/settings/index.ts';
import { imageSize } from './identifiers.ts';

export const wantedSearch = {
  settings: searchSettingsSchema,
  /** One of the person's own spaces, instead of the one named in the settings. */
  ownSpace: z.string().optional(),
  /** Image size for scoring, instead of the space's own. */
  scoringSize: imageSize.optional(),
  /** Absent means that everything is automatic. */
  scoring: scoringWishSchema.optional(),
};

/** The longest title of a run, of which its file's name is made. */
export const mostTitleLength = 100;
