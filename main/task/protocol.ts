/** Requests to the data child. Each says which data it means, so that a restarted child can open them again. */
import type { Task } from './batches.ts';

export interface OpenRequest {
  /** File or folder. */
  readonly path: string;
  /** Name of the kind; null detects it. */
  readonly kind?: string | null;
  /** Only kinds for this task; null takes any. */
  readonly task?: Task | null;
}

export interface ReadRequest {
  readonly data: OpenRequest;
  /** As it was when opened: a restarted child may find something else. */
  readonly opened: { readonly count: number; readonly description: string };
  readonly indices: readonly number[];
  /** Height and width. */
  readonly size: readonly [number, number] | null;
}

export interface InspectRequest {
  readonly data: OpenRequest;
  /** How many images are decoded. */
  readonly check: number;
}
