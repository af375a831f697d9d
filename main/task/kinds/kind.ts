/** What every kind of data offers: it looks for its own layout, and opens it. */
import type { Task } from '../batches.ts';
import type { Dataset } from '../dataset.ts';
import type { Place } from '../listing.ts';

export interface DataKind {
  readonly name: string;
  readonly tasks: readonly Task[];
  readonly title: string;
  /** What a file or folder of this kind looks like; shown by `zico data kinds` and by errors. */
  readonly layout: string;
  /** Never chosen by itself: it reads another kind's files in another way. */
  readonly onlyByName?: boolean;
  /**
   * Opens the data without decoding an image. Null where this layout is not there; throws WorkbenchError
   * where it is there and cannot be used.
   */
  open(place: Place): Promise<Dataset | null>;
}
