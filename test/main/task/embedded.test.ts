import { expect, it } from 'vitest';
import { embeddedImages, tasks } from '../../../main/common/tasks.ts';
import { embeddedData } from '../../../main/task/embedded.ts';
import { openDataset } from '../../../main/task/open-dataset.ts';
import { assetsFolder } from '../../support/data.ts';

it.each(tasks)('as many images ship for %s as is said', async (task) => {
  const { count } = await openDataset(embeddedData(task, assetsFolder));
  expect(count).toBe(embeddedImages[task]);
});
