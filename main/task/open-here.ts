/** Opens data in this process, which decodes its images then: for children that do nothing else. */
import { WorkbenchError } from '../errors.ts';
import type { DataChoice } from './data-source.ts';
import type { Dataset } from './dataset.ts';
import { embeddedData, openEmbeddedInProcess } from './embedded.ts';
import { openDataset } from './open-dataset.ts';

/**
 * @param assetsFolder where the product's files lie
 * @throws what `openDataset` throws
 */
export async function openHere(choice: DataChoice, assetsFolder: string): Promise<Dataset> {
  const { data, task, kind = null } = choice;
  const embedded = openEmbeddedInProcess(choice, assetsFolder);
  if (embedded) return await embedded;
  if (data !== null) return await openDataset({ path: data, task, kind });
  if (task !== null) return await openDataset(embeddedData(task, assetsFolder));
  throw new WorkbenchError('data-not-found', 'No images are named.', 'Name a file or folder.');
}
