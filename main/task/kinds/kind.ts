/** What every kind of data does: it looks for its own layout, and opens it. */
import type { Dataset } from '../dataset.ts';
import type { KindDescription } from '../kind-descriptions.ts';
import type { DataPlace } from '../listing.ts';

export interface DataKind extends KindDescription {
  /**
   * Opens the data without decoding an image. Null where it does not find this layout; throws WorkbenchError
   * where it does, but cannot use it.
   */
  open(place: DataPlace): Promise<Dataset | null>;
}
