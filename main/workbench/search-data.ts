/**
 * The images of a search: whether they fit its space and are the same when it is resumed, and what there is to
 * say about them.
 */
import type { SearchSettings } from '../common/settings/index.ts';
import type { Space } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import type { DataSource, Waiting } from '../task/data-source.ts';
import { spareClassesWarning } from '../task/data-warnings.ts';
import { assertSameImages, drawForNetworks } from '../task/draw-for-networks.ts';
import type { Warning } from '../warning.ts';

/** Throws WorkbenchError `data-do-not-fit`, and what opening and decoding images throws. */
export async function batchesFor(
  data: DataSource,
  space: Space,
  settings: SearchSettings,
  waiting?: Waiting,
): Promise<BatchSet> {
  const images = await data.open({ data: settings.data, task: space.task }, waiting);
  return forSpace(await drawForNetworks(images, space, settings), space);
}

/** Every network of a space with sizes to choose from takes the images at its own. */
export function forSpace(batches: BatchSet, { sizes }: Pick<Space, 'sizes'>): BatchSet {
  return sizes === null ? batches : { ...batches, severalSizes: true };
}

/** What a person should know about a run's images before it begins. */
export function runWarnings(space: Space, { notes = [], classes }: BatchSet): readonly Warning[] {
  const spare = spareClassesWarning(`Every network of ${space.title}`, space.classes, classes);
  return spare ? [spare, ...notes] : notes;
}

/** Throws WorkbenchError `data-changed`. */
export function assertSameData(stored: string, drawn: string, { data }: SearchSettings): void {
  assertSameImages(stored, drawn, data);
}
