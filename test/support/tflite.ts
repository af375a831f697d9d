/** Runs TensorFlow Lite files in both runtimes, and compares them with onnxruntime on the same images. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { createSession } from '../../main/engine/onnxruntime/session.ts';
import type { Graph } from '../../main/graph/graph.ts';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import { fetchTfliteLibrary, packageCache } from '../../main/latency/tflite/fetch.ts';
import { TfliteInterpreter } from '../../main/latency/tflite/interpreter.ts';
import { libraryFiles, ownPlatform } from '../../main/latency/tflite/library.ts';
import { generatorFor } from '../../main/random.ts';
import { runInLiteRt } from './litert.ts';

export interface Output {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The library for this platform, fetched if it is missing. */
export function testLibrary(): string {
  const folder = path.join(packageCache, 'tflite');
  const file = path.join(folder, libraryFiles[ownPlatform]!.from[1]);
  return existsSync(file) ? file : fetchTfliteLibrary(packageCache, ownPlatform, folder);
}

/** Values like those of normalised pictures. */
export function pictureOf(count: number, ...seed: readonly (string | number)[]): Float32Array {
  const random = generatorFor('picture', ...seed);
  return Float32Array.from({ length: count }, () => (random.next() / 0x8000_0000) * 2);
}

/** Turns N, C, H, W into N, H, W, C; leaves anything else as it is. */
export function channelsLast({ shape, data }: Output): Output {
  if (shape.length !== 4) return { shape, data };
  const [images, channels, height, width] = shape as [number, number, number, number];
  const places = height * width;
  const out = new Float32Array(data.length);
  for (let n = 0; n < images; n++) {
    const start = n * channels * places;
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < places; p++)
        out[start + p * channels + c] = data[start + c * places + p]!;
    }
  }
  return { shape: [images, height, width, channels], data: out };
}

export async function runInOnnxruntime(graph: Graph, image: Output): Promise<Output[]> {
  const [outputs] = await runEachInOnnxruntime(graph, [image]);
  return outputs!;
}

/** Image after image, with one session. */
export async function runEachInOnnxruntime(
  graph: Graph,
  images: readonly Output[],
): Promise<Output[][]> {
  return await runBytesOnEach(writeDeployableOnnx(graph, 1, '0'), graph, images);
}

/** @param model of the graph, in whatever precision */
export async function runBytesInOnnxruntime(
  model: Uint8Array,
  graph: Graph,
  image: Output,
): Promise<Output[]> {
  const [outputs] = await runBytesOnEach(model, graph, [image]);
  return outputs!;
}

async function runBytesOnEach(
  model: Uint8Array,
  graph: Graph,
  images: readonly Output[],
): Promise<Output[][]> {
  const session = await createSession(model, 1);
  try {
    const all: Output[][] = [];
    for (const { data, shape } of images) {
      const input = new Tensor('float32', data, [...shape]);
      const outputs = await session.run({ [graph.inputs[0]!.name]: input });
      all.push(
        graph.outputs.map((name) => {
          const { dims, data } = outputs[name]!;
          const output = { shape: dims, data: data as Float32Array };
          return graph.channelsLast?.includes(name) ? output : channelsLast(output);
        }),
      );
    }
    return all;
  } finally {
    await session.release();
  }
}

export function runInTflite(file: Uint8Array, image: Output): Output[] {
  return runEachInTflite(file, [image])[0]!;
}

/** Image after image, with one interpreter. */
export function runEachInTflite(file: Uint8Array, images: readonly Output[]): Output[][] {
  const interpreter = new TfliteInterpreter(file, 1, testLibrary());
  try {
    return images.map((image) => {
      interpreter.setInput(channelsLast(image).data);
      interpreter.invoke();
      return interpreter.outputs();
    });
  } finally {
    interpreter.close();
  }
}

/** The largest difference relative to the largest value, over all outputs. */
export function difference(outputs: readonly Output[], expected: readonly Output[]): number {
  if (outputs.length !== expected.length) return Infinity;
  const each = expected.map(({ shape, data }, i) => {
    const own = outputs[i]!;
    if (own.shape.join() !== shape.join()) return Infinity;
    let [most, off] = [0, 0];
    data.forEach((value, k) => {
      most = Math.max(most, Math.abs(value));
      off = Math.max(off, Math.abs(value - own.data[k]!));
    });
    return Number.isNaN(off) ? Infinity : off / (most || 1);
  });
  return Math.max(...each);
}

/**
 * How far a file's outputs are from onnxruntime's, in TensorFlow Lite 2.9 and, unless switched off, in LiteRT.
 * @param image channels, height, width
 */
export async function differences(
  graph: Graph,
  file: Uint8Array,
  image: readonly [number, number, number],
  { litert = true } = {},
): Promise<{ readonly tflite: number; readonly litert: number }> {
  const shape = [1, ...image];
  const picture = { shape, data: pictureOf(image[0] * image[1] * image[2], graph.name) };
  const expected = await runInOnnxruntime(graph, picture);
  const tflite = difference(runInTflite(file, picture), expected);
  if (!litert) return { tflite, litert: 0 };
  const [outputs] = await runInLiteRt(file, [channelsLast(picture).data]);
  return { tflite, litert: difference(outputs!, expected) };
}
