/** A detector of a file up to the predictions that a loss takes, whatever the file makes of them afterwards. */
import { plural } from '../common/figures.ts';
import { withTaskLoss } from '../engine/task-loss.ts';
import { WorkbenchError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import { findHead, type FoundHead } from '../graph/heads/find-head.ts';
import type { HeadKind } from '../graph/heads/head.ts';
import type { Warning } from '../warning.ts';
import type { ModelFileOptions } from './model-file.ts';

type Image = readonly [number, number, number];

export interface DetectorReader {
  /** The network as it would be read for any task. */
  readonly plain: () => Promise<Graph>;
  readonly read: (
    options: Pick<ModelFileOptions, 'forLastMaps' | 'outputs' | 'readableOutputs'>,
  ) => Promise<Graph>;
  /** Channels, height, width that a network is scored at. */
  readonly imageOf: (graph: Graph) => Image;
  /** Values that are asked for: only what leads to them is looked at. */
  readonly outputs?: readonly string[] | undefined;
}

/**
 * Class and box maps as EfficientDet has them are scored as they are; else the last maps of the network are looked
 * at. A file whose post-processing cannot be read is no hindrance then.
 * @throws WorkbenchError what reading throws, where no head is found
 */
export async function readDetector(reader: DetectorReader): Promise<Graph> {
  const whole = await unlessRefused(reader.plain());
  if (!(whole instanceof WorkbenchError) && hasAnchorMaps(whole, reader.imageOf(whole)))
    return whole;
  const found = await findDetector(reader);
  if (found) return found.graph;
  if (whole instanceof WorkbenchError) throw whole;
  return whole;
}

/**
 * The same error; where only the post-processing of a detector is in the way, its hint says that detection leaves that
 * out.
 */
export async function withDetectorHint(error: unknown, reader: DetectorReader): Promise<unknown> {
  if (!(error instanceof WorkbenchError) || error.code !== 'unsupported-operator') return error;
  const found = await findDetector(reader);
  if (!found || !hasSeveralScales(found)) return error;
  return new WorkbenchError(
    error.code,
    error.message,
    'It looks like a detector: score it as detection, which leaves out what follows its last convolutions.',
    { cause: error, option: 'The task is named with --task detection.', node: error.node },
  );
}

/** A head on one scale alone may be the end of any network. */
export const hasSeveralScales = ({ graph: { head }, maps }: FoundHead): boolean =>
  // EfficientDet's and RetinaNet's maps are no head of their own.
  head === undefined ? maps.length > 2 : head.levels.length > 1;

/** Null where the file's last maps are no predictions of a detector. */
export async function findDetector({
  read,
  imageOf,
  outputs,
}: DetectorReader): Promise<FoundHead | null> {
  const maps = await unlessRefused(read({ forLastMaps: true, ...(outputs && { outputs }) }));
  return maps instanceof WorkbenchError ? null : findHead(maps, imageOf(maps));
}

export async function unlessRefused(read: Promise<Graph>): Promise<Graph | WorkbenchError> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof WorkbenchError) return error;
    throw error;
  }
}

function hasAnchorMaps(graph: Graph, inputShape: Image): boolean {
  try {
    withTaskLoss(graph, { task: 'detection', batchSize: 2, classes: 1, inputShape });
    return true;
  } catch (error) {
    if (error instanceof WorkbenchError) return false;
    throw error;
  }
}

/** What people call each kind of head. */
const called: Readonly<Record<HeadKind, string>> = {
  'yolo-anchors': 'YOLO with anchors (YOLOv3, v5, v7)',
  'yolo-cells': 'YOLO without anchors (YOLOX)',
  'yolo-distributions': 'YOLO with distributions of distances (YOLOv8, YOLO11)',
  'yolo-distances': 'YOLO with distances (YOLO26)',
  ssd: 'SSD',
  fcos: 'FCOS',
};

/** Says how a head was read, since files do not: null for EfficientDet's maps. */
export function headNote({ head, outputs }: Graph): Warning | null {
  if (!head) return null;
  const { kind, levels, classes } = head;
  const places = levels.map(({ perPlace }) => perPlace);
  const perPlace = Math.max(...places);
  const anchors = perPlace > 1 ? `, ${[...new Set(places)].join(' or ')} anchors a place` : '';
  return {
    code: 'detection-head',
    message: `Scored as a head of the kind of ${called[kind]}: ${plural(classes, 'class', 'classes')}, ${plural(levels.length, 'scale', 'scales')}${anchors}. What the file does with these maps was left out.`,
    hint: 'Where the model is of another kind, name the maps that it ends in as outputs.',
    count: outputs.length,
    examples: outputs.slice(0, 3),
  };
}
