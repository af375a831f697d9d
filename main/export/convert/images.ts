/** The images of a conversion: what calibrates an int8 network, and what is compared afterwards. */
import { WorkbenchError } from '../../errors.ts';
import type { Graph } from '../../graph/graph.ts';
import { calibrationImages, slices, upTo } from '../../quantise/images.ts';
import { readNpy } from '../../task/npy.ts';
import { openHere } from '../../task/open-here.ts';
import type { ConvertRequest } from './request.ts';

/**
 * @returns each C x H x W; empty where none were named, which int8 does not take
 * @throws WorkbenchError `no-calibration-data`, `shape-mismatch`, `inputs-not-finite`, `data-do-not-fit`, what reading them throws
 */
export async function imagesOf(request: ConvertRequest, graph: Graph) {
  const { inputs, data, precision, images, seed, assetsFolder } = request;
  const shape = graph.inputs[0]!.shape.slice(1) as [number, number, number];
  if (inputs !== null) return await imagesInArray(inputs, shape);
  if (data !== null) {
    const choice = { data: data.path, task: null, kind: data.kind };
    const dataset = await openHere(choice, assetsFolder);
    return await calibrationImages(dataset, shape, { ...upTo(images, dataset), seed });
  }
  if (precision !== 'int8') return [];
  throw new WorkbenchError(
    'no-calibration-data',
    'int8 needs images from which to find the ranges of values.',
    'Give a folder of images, or an array of float32, N x C x H x W.',
  );
}

async function imagesInArray(file: string, shape: readonly number[]) {
  const array = await readNpy(file);
  if (array.type !== 'float32' || array.shape.slice(1).join() !== shape.join()) {
    throw new WorkbenchError(
      'shape-mismatch',
      `${file} holds ${array.type} of ${array.shape.join(' x ')}; the network takes float32 of N x ${shape.join(' x ')}.`,
      'Save images of that size, normalised as the network was trained: array.astype("<f4").',
    );
  }
  if (!array.data.every(Number.isFinite)) {
    throw new WorkbenchError(
      'inputs-not-finite',
      `Some numbers in ${file} are not finite.`,
      'Look for NaN and infinity in the array; numpy.isfinite finds them.',
    );
  }
  return slices(
    array.data,
    shape.reduce((product, n) => product * n, 1),
  );
}
