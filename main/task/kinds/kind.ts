/** What every kind of data offers: it looks for its own layout, and opens it. */
import type { Dataset } from '../dataset.ts';
import type { KindDescription } from '../kind-descriptions.ts';
import type { Place } from '../listing.ts';

export interface DataKind extends KindDescription {
  /**
   * Opens the data without decoding an image. Null where this layout is not there; throws WorkbenchError
   * where it is there and cannot be used.
   */
  open(place: Place): Promise<Dataset | null>;
}
