/** The int8 files of an export: both come from one calibration, on the images that the run scored its networks with. */
import { WorkbenchError } from '../errors.ts';
import type { RangeChoice } from '../common/quantising.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Graph } from '../graph/graph.ts';
import { producer } from '../graph/onnx/builder.ts';
import { prepareInt8 } from '../quantise/calibrate.ts';
import type { Quantisable } from '../quantise/calibration.ts';
import { calibrationImages } from '../quantise/images.ts';
import { writeInt8Onnx } from '../quantise/onnx-int8.ts';
import type { DataChoice } from '../task/data-source.ts';
import type { Dataset } from '../task/dataset.ts';
import type { Task } from '../task/batches.ts';
import { writeInt8Tflite } from '../tflite/index.ts';
import { fileNames } from './formats.ts';
import type { CalibrationFacts } from './readme.ts';

export interface Calibrating {
  /** Opens the images that the run names. */
  readonly open: (choice: DataChoice) => Promise<Dataset>;
  readonly ranges: RangeChoice;
}

/** Which images the run scored its networks with. */
export interface ImagesOfRun {
  readonly task: Task;
  readonly settings: Pick<SearchSettings, 'data' | 'batches' | 'batchSize' | 'seed'>;
}

export interface Int8Files {
  tflite(): Promise<Uint8Array>;
  onnx(): Promise<Uint8Array>;
  /** Of what was made so far; null for nothing. */
  readonly facts: CalibrationFacts | null;
}

/** @param graph for one image of the size that it is deployed for */
export function int8Files(
  graph: Graph,
  images: ImagesOfRun,
  calibrating: Calibrating | null,
  productVersion: string,
): Int8Files {
  let prepared: ReturnType<typeof prepare> | null = null;
  let facts: CalibrationFacts | null = null;
  const ready = async (file: string, write: (quantisable: Quantisable) => Written) => {
    const { quantisable, count } = await (prepared ??= prepare(graph, images, calibrating));
    const { bytes, inFloat } = write(quantisable);
    const { method } = calibrating!.ranges;
    const counted = inFloat.length === 0 ? [] : [{ file, nodes: inFloat.length }];
    facts = { images: count, method, inFloat: [...(facts?.inFloat ?? []), ...counted] };
    return bytes;
  };
  return {
    tflite: () =>
      ready(fileNames['tflite-int8'], (one) =>
        writeInt8Tflite(one, `${producer} ${productVersion}`),
      ),
    onnx: () => ready(fileNames['onnx-int8'], (one) => writeInt8Onnx(one, productVersion)),
    get facts() {
      return facts;
    },
  };
}

interface Written {
  readonly bytes: Uint8Array;
  readonly inFloat: readonly unknown[];
}

async function prepare(
  graph: Graph,
  { task, settings }: ImagesOfRun,
  calibrating: Calibrating | null,
): Promise<{ readonly quantisable: Quantisable; readonly count: number }> {
  if (calibrating === null) {
    throw new WorkbenchError(
      'no-calibration-data',
      'int8 needs images from which to find the ranges of values.',
      'Export from the run file, which names its images.',
    );
  }
  const { open, ranges } = calibrating;
  const dataset = await open({ data: settings.data, task });
  const shape = graph.inputs[0]!.shape.slice(1) as [number, number, number];
  const { batches, batchSize, seed } = settings;
  const images = await calibrationImages(dataset, shape, { batches, batchSize, seed });
  const quantisable = await prepareInt8(graph, images, { ...ranges, threads: 1 });
  return { quantisable, count: images.length };
}
