/**
 * What was typed into the form of a new search, kept as long as the window exists and no search was started
 * with it.
 */
import { createContext } from 'svelte';
import type { FormValues } from './settings-form.ts';
import type { SweepLists } from './sweep-lists.ts';

export interface FolderDescription {
  readonly description: string;
  readonly images: number;
  readonly problems: readonly string[];
}

export interface Draft {
  readonly values: FormValues;
  /** What the main side said about the chosen folder. */
  readonly data: FolderDescription | null;
  /** What was listed for a sweep. */
  readonly lists: SweepLists;
}

export class FormDraft {
  kept: Draft | null = null;
  /** A folder of images that was dropped onto the window, until the form takes it. */
  dropped: File | null = $state.raw(null);
}

export const [useFormDraft, provideFormDraft] = createContext<FormDraft>();
