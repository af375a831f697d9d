/** int8 of random networks beside what onnxruntime's own quantize_static makes of them on the same images. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { closenessInInt8, type PeerFigures } from '../../support/quantised-peer.ts';
import { networkOfSpace } from '../../support/tflite-corpus.ts';

const file = path.join(import.meta.dirname, '../../golden/int8/quantize-static.json');
const { figures } = JSON.parse(readFileSync(file, 'utf8')) as PeerFigures;
/** The spaces of small images: networks of the others take minutes each. */
const cases = ['nats-sss', 'nas-bench-201'].flatMap((space) =>
  [0, 1].map((index) => [space, index, figures[`${space}-${index}`]!.decibels] as const),
);

it.each(cases)('%s %d is as close, within half a decibel', async (space, index, best) => {
  const own = await closenessInInt8(networkOfSpace(space, index), true);
  expect(own.onnx).toBeGreaterThan(best - 0.5);
  expect(own.tflite).toBeGreaterThan(best - 0.5);
});
