/**
 * Our int8 beside onnxruntime's own quantize_static, on the same networks and images.
 *
 * `npm run bench -- quantize-static write FOLDER [SPACE-INDEX|MODEL.onnx ...]` writes two random networks of every
 * built-in space, or what is named (`nats-sss-2` is the third of nats-sss), with their images;
 * test/support/quantize_static.py FOLDER FIGURES.json makes figures of them;
 * `npm run bench -- quantize-static compare FIGURES.json [SPACE-INDEX|MODEL.onnx ...]` quantises the same ones and
 * compares. FOLDER also gets images.npy, of which test/support/foreign_models.py takes statistics.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import { builtInNames } from '../../main/space/index.ts';
import {
  corpusImages,
  networkOfFile,
  networkOfSpace,
  withStatistics,
  type CorpusNetwork,
} from '../support/tflite-corpus.ts';
import { closenessInInt8, type PeerFigures } from '../support/quantised-peer.ts';

/** Random networks of each built-in space. */
const each = 2;
/** Of foreign models: large enough for their five halvings. */
const foreignImage = [3, 96, 96] as const;

const [what, place, ...named] = process.argv.slice(2);

/** What is named, or the first networks of every built-in space. */
function* corpus(): Generator<{ readonly network: CorpusNetwork; readonly isOpen: boolean }> {
  const whole = builtInNames.flatMap((name) =>
    Array.from({ length: each }, (_, i) => `${name}-${i}`),
  );
  for (const name of named.length > 0 ? named : whole) {
    const [, space, index] = /^(.+)-(\d+)$/.exec(name) ?? [];
    const isOpen = space !== undefined && !name.endsWith('.onnx');
    yield { network: isOpen ? networkOfSpace(space, Number(index)) : networkOfFile(name), isOpen };
  }
}

/** float32 as NumPy stores it: version 1.0, the header padded to 64 bytes. */
function npy(shape: readonly number[], parts: readonly Float32Array[]): Buffer {
  const described = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const length = Math.ceil((10 + described.length + 1) / 64) * 64;
  const start = Buffer.from(`\x93NUMPY\x01\x00\0\0`, 'latin1');
  start.writeUInt16LE(length - 10, 8);
  const header = Buffer.from(`${described.padEnd(length - 11)}\n`, 'latin1');
  const data = parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  return Buffer.concat([start, header, ...data]);
}

const folderOf = (name: string) => name.replaceAll(' ', '-');

async function write(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { calibrating } = await corpusImages(foreignImage);
  writeFileSync(
    path.join(folder, 'images.npy'),
    npy([calibrating.length, ...foreignImage], calibrating),
  );
  for (const { network, isOpen } of corpus()) {
    const { name, graph, image } = network;
    const at = path.join(folder, folderOf(name));
    if (existsSync(path.join(at, 'heldout.npy'))) continue;
    const images = await corpusImages(image);
    const whole = isOpen ? await withStatistics(graph, image, images.calibrating) : graph;
    mkdirSync(at, { recursive: true });
    writeFileSync(path.join(at, 'model.onnx'), writeDeployableOnnx(whole, 1, 'bench'));
    const save = (file: string, all: readonly Float32Array[]) =>
      writeFileSync(path.join(at, file), npy([all.length, ...image], all));
    save('calibration.npy', images.calibrating);
    save('heldout.npy', images.checking);
    console.log(name);
  }
}

const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

async function compare(file: string): Promise<void> {
  const { versions, figures } = JSON.parse(readFileSync(file, 'utf8')) as PeerFigures;
  console.log(`dB on held-out images; quantize_static of onnxruntime ${versions['onnxruntime']}`);
  const heads = ['quantize_static', 'our ONNX', 'our TFLite', 'ONNX more', 'TFLite more'];
  console.log(`${''.padEnd(28)}${heads.map((head) => head.padStart(16)).join('')}`);
  const [onnx, tflite]: [number[], number[]] = [[], []];
  for (const { network, isOpen } of corpus()) {
    const peer = figures[folderOf(network.name)];
    if (!peer) continue;
    const best = peer.decibels;
    const own = await closenessInInt8(network, isOpen);
    onnx.push(own.onnx - best);
    tflite.push(own.tflite - best);
    const cells = [best, own.onnx, own.tflite, own.onnx - best, own.tflite - best];
    console.log(
      `${network.name.padEnd(28)}${cells.map((cell) => cell.toFixed(2).padStart(16)).join('')}`,
    );
  }
  for (const [name, more] of Object.entries({ onnx, tflite })) {
    const least = Math.min(...more).toFixed(2);
    console.log(`${name}: least ${least}, median ${median(more).toFixed(2)} of ${more.length}`);
  }
}

if (what === 'write' && place !== undefined) await write(place);
else if (what === 'compare' && place !== undefined) await compare(place);
else {
  console.error('Usage: npm run bench -- quantize-static write FOLDER | compare FIGURES.json');
  process.exitCode = 2;
}
