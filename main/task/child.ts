/**
 * Entry of the data child: lists folders, reads annotations and decodes images, away from the window,
 * which all three could keep from answering.
 */
import { serve } from '../child/serve.ts';
import type { Dataset, DatasetInfo } from './dataset.ts';
import { inspectDataset, type Inspection } from './inspect-dataset.ts';
import { openDataset } from './open-dataset.ts';
import type { InspectRequest, OpenRequest, ReadRequest } from './protocol.ts';

/** Listings of large folders are worth keeping; those of many folders are not. */
const keptDatasets = 4;
const datasets = new Map<string, Promise<Dataset>>();

/** What was listed once stays as it was listed: numbers mean the same images until the child ends. */
function datasetFor(request: OpenRequest): Promise<Dataset> {
  const key = JSON.stringify([request.path, request.kind ?? null, request.task ?? null]);
  const dataset = datasets.get(key) ?? openDataset(request);
  datasets.delete(key);
  datasets.set(key, dataset);
  const [oldest] = datasets.keys();
  if (oldest !== undefined && datasets.size > keptDatasets) datasets.delete(oldest);
  dataset.catch(() => datasets.delete(key));
  return dataset;
}

serve({
  /** Lists anew: the person who asks may have changed something. */
  async open(request: OpenRequest): Promise<DatasetInfo> {
    datasets.clear();
    const dataset = await datasetFor(request);
    // A function does not cross process walls.
    const info = Object.entries(dataset).filter(([key]) => key !== 'read');
    return Object.fromEntries(info) as unknown as DatasetInfo;
  },
  async read({ data, indices, size }: ReadRequest) {
    const dataset = await datasetFor(data);
    return dataset.read(indices, size ?? undefined);
  },
  async inspect({ data, check }: InspectRequest): Promise<Inspection> {
    return inspectDataset(await openDataset(data), check);
  },
});
