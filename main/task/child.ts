/**
 * Entry of the data child: lists folders, reads annotations and decodes images, apart from the window, which
 * any of the three could keep from responding.
 */
import { serve } from '../child/serve.ts';
import { WorkbenchError } from '../errors.ts';
import type { DataProblem } from './batches.ts';
import type { Dataset, DatasetInfo } from './dataset.ts';
import { inspectDataset, type Inspection } from './inspect-dataset.ts';
import { openDataset } from './open-dataset.ts';
import type { InspectRequest, OpenRequest, ReadRequest } from './protocol.ts';
import { Witness, type HearProgress } from './witness.ts';

interface Kept {
  readonly dataset: Dataset;
  readonly witness: Witness;
}

/** It pays to keep the listings of large folders, but not those of many. */
const keptDatasets = 4;
const kept = new Map<string, Kept>();

const keyOf = ({ path, kind = null, task = null }: OpenRequest): string =>
  JSON.stringify([path, kind, task]);

/** The key under which the data set of a request is kept; null where there is none. */
function keyKept(request: OpenRequest): string | null {
  const key = keyOf(request);
  if (kept.has(key)) return key;
  // What was recognised among all kinds is also the first match among those for its task.
  const ofAnyTask = keyOf({ ...request, task: null });
  return kept.get(ofAnyTask)?.dataset.task === request.task ? ofAnyTask : null;
}

const keptFor = (request: OpenRequest): Kept | undefined => kept.get(keyKept(request) ?? '');

async function open(request: OpenRequest, hear?: HearProgress): Promise<Kept> {
  const witness = new Witness(hear);
  const dataset = await witness.opening(() => openDataset(request));
  const opened = { dataset, witness };
  kept.set(keyOf(request), opened);
  const [oldest] = kept.keys();
  if (kept.size > keptDatasets && oldest !== undefined) kept.delete(oldest);
  return opened;
}

/**
 * The kept listing, as long as nothing in the data set has changed: the person who asks may have just changed
 * something.
 */
async function current(request: OpenRequest, hear: HearProgress): Promise<Kept> {
  const key = keyKept(request);
  const known = keptFor(request);
  if (key === null || !known) return open(request, hear);
  // A new listing should not be in memory together with the one that it replaces.
  kept.delete(key);
  if (!(await known.witness.isCurrent())) return open(request, hear);
  kept.set(key, known);
  return known;
}

serve({
  async open(request: OpenRequest, tell: HearProgress): Promise<DatasetInfo> {
    const { dataset } = await current(request, tell);
    // A function cannot be sent to another process.
    const info = Object.entries(dataset).filter(([key]) => key !== 'read');
    return Object.fromEntries(info) as unknown as DatasetInfo;
  },
  /** Numbers mean the same images as when the data set was opened. */
  async read({ data, opened, indices, size }: ReadRequest) {
    const { dataset, witness } = keptFor(data) ?? (await open(data));
    if (dataset.count !== opened.count || dataset.description !== opened.description) {
      throw new WorkbenchError(
        'data-changed-meanwhile',
        `${data.path} was changed while its images were read.`,
        'Start again once nothing is written there any more.',
      );
    }
    const read = (): Promise<readonly object[]> => dataset.read(indices, size ?? undefined);
    return witness.reading(read);
  },
  async changes(data: OpenRequest): Promise<readonly DataProblem[]> {
    return (await keptFor(data)?.witness.changes()) ?? [];
  },
  async inspect({ data, check }: InspectRequest, tell: HearProgress): Promise<Inspection> {
    const witness = new Witness(tell);
    const dataset = await witness.opening(() => openDataset(data));
    const watched = { ...dataset, changes: () => witness.changes() };
    return witness.reading(() =>
      inspectDataset(watched, check, (done, of) =>
        witness.progress({ doing: 'decoding', done, of }),
      ),
    );
  },
});
