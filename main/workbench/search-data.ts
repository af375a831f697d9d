/**
 * The images of a search: whether they fit its space and are the same when it is resumed, and what there is to
 * say about them.
 */
import { WorkbenchError } from '../errors.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Space } from '../space/space.ts';
import type { BatchSet } from '../task/batches.ts';
import type { DataSource, Waiting } from '../task/data-source.ts';
import { spareClassesWarning } from '../task/data-warnings.ts';
import { drawBatches } from '../task/draw-batches.ts';
import { greyBatches } from '../task/grey-batches.ts';
import type { Warning } from '../warning.ts';

/** Throws WorkbenchError `data-do-not-fit`, and what opening and decoding images throws. */
export async function batchesFor(
  data: DataSource,
  space: Space,
  settings: SearchSettings,
  waiting?: Waiting,
): Promise<BatchSet> {
  const images = await data.open({ data: settings.data, task: space.task }, waiting);
  const [channels, height, width] = space.scoringShape;
  const grey = channels === 1 && images.inputShape[0] === 3;
  if ((images.inputShape[0] !== channels && !grey) || images.classes > space.classes) {
    throw new WorkbenchError(
      'data-do-not-fit',
      `${space.title} takes ${channels}-channel images of up to ${space.classes} classes; these have ${images.inputShape[0]} channels and ${images.classes} classes (${images.description}).`,
      'Choose data that fit the search space.',
    );
  }
  const drawn: BatchSet = await drawBatches(images, { ...settings, size: [height, width] });
  return forSpace(grey ? greyBatches(drawn) : drawn, space);
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

/**
 * The digest at the end of a description identifies the images that were drawn, wherever their file is now.
 * Throws WorkbenchError `data-changed`.
 */
export function assertSameData(stored: string, drawn: string, { data }: SearchSettings): void {
  const digest = (description: string) => description.slice(description.lastIndexOf('digest'));
  if (digest(stored) === digest(drawn)) return;
  throw new WorkbenchError(
    'data-changed',
    `The images ${data === null ? 'that ship with the product' : `in ${data}`} are not those this run was started with, so its scores could not be compared.`,
    'Put the original data back, or start a new run.',
  );
}
