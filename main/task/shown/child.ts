/**
 * Entry of the child that shows images: it draws what would be scored, by the same functions and seed, and makes
 * pictures of it. The window asks for a batch piece by piece, so what was drawn is kept until something else is asked
 * for.
 */
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { serve } from '../../child/serve.ts';
import type { ShownBatch } from '../../common/shown-images.ts';
import { WorkbenchError } from '../../errors.ts';
import type { BatchSet, DataProblem } from '../batches.ts';
import type { Dataset } from '../dataset.ts';
import { assertSameImages, drawForNetworks } from '../draw-for-networks.ts';
import { openHere } from '../open-here.ts';
import { resizedBatches } from '../resized-batches.ts';
import { warningInWords } from '../../warning.ts';
import { Witness, type HearProgress } from '../witness.ts';
import type { ShowRequest } from './protocol.ts';
import { shownBatch } from './shown-batch.ts';
import { toningOf, type Toning } from './toning.ts';

// A search may be measuring latencies beside it.
setPriority(constants.priority.PRIORITY_LOW);

interface Drawn {
  readonly key: string;
  readonly set: BatchSet;
  readonly toning: Toning;
  readonly classNames: readonly string[];
  readonly witness: Witness;
}

let kept: Drawn | null = null;

serve({
  async show(request: ShowRequest, tell: HearProgress): Promise<ShownBatch> {
    const { batch, first, same, data } = request;
    const drawn = await drawnFor(request, tell);
    const { set, classNames, toning } = drawn;
    if (same !== null) assertSameImages(same, set.description, data.data);
    if (batch >= set.batches.length || first >= set.batchSize) {
      throw new WorkbenchError('no-such-image', 'There is no such image.', 'Choose another.');
    }
    const notes = [...notesOf(set, request), ...changeNote(await drawn.witness.changes())];
    return shownBatch({ set, classNames, toning, batch, first, notes });
  },
});

async function drawnFor(request: ShowRequest, tell: HearProgress): Promise<Drawn> {
  const { data, takers, draw, size, anew, assetsFolder } = request;
  const key = JSON.stringify([data, takers, draw, size]);
  if (kept?.key === key && !anew) return kept;
  // Not in memory together with what takes its place.
  kept = null;
  const witness = new Witness(tell);
  const opened = await witness.opening(() => openHere(data, assetsFolder));
  const dataset = counted(opened, draw.batches * draw.batchSize, witness);
  const set = await witness.reading(() => drawForNetworks(dataset, takers, draw));
  const toning = toningOf(dataset, set);
  const { classNames } = dataset;
  kept = { key, set: size ? resizedBatches(set, size) : set, toning, classNames, witness };
  return kept;
}

/** Tells how many images have been read. */
function counted(dataset: Dataset, of: number, witness: Witness): Dataset {
  let done = 0;
  const read = async (indices: readonly number[], size?: readonly [number, number]) => {
    const images: readonly object[] = await dataset.read(indices, size);
    done += indices.length;
    witness.progress({ doing: 'decoding', done: Math.min(done, of), of });
    return images;
  };
  return { ...dataset, read, changes: () => witness.changes() } as unknown as Dataset;
}

function notesOf({ notes = [], inputShape }: BatchSet, { size }: ShowRequest): string[] {
  const told = notes.map(warningInWords);
  if (size === null) return told;
  return [`This network takes them at ${inputShape[1]} x ${inputShape[2]}.`, ...told];
}

function changeNote(changes: readonly DataProblem[]): string[] {
  const [first] = changes;
  if (!first) return [];
  const more = changes.length > 1 ? ` (and ${changes.length - 1} more)` : '';
  return [
    `Since these were read, something has changed: ${path.basename(first.file)} ${first.reason}${more}. Read them again to see what a search would score now.`,
  ];
}
