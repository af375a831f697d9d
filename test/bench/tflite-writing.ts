/**
 * `npm run bench -- tflite-writing [SPACE] [MILLIONS]`: how long a TensorFlow Lite file of so many million parameters takes
 * to be written, and the memory of the process meanwhile. Float first, from a fresh process; then what calibrating for
 * int8 takes, apart from that.
 */
import { usualRanges } from '../../main/common/quantising.ts';
import { summarise } from '../../main/graph/summary.ts';
import { prepareInt8 } from '../../main/quantise/calibrate.ts';
import { generatorFor } from '../../main/random.ts';
import { spaceNamed, withResolution } from '../../main/space/index.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import type { ImageShape } from '../../main/space/space.ts';
import { writeInt8Tflite, writeTflite } from '../../main/tflite/index.ts';
import { corpusImages } from '../support/tflite-corpus.ts';

const [name = 'ffnet-48', millions = '30'] = process.argv.slice(2);
const mebibytes = () => `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB at most`;
/** By the clock, and of processors: others may compute as well. */
function seconds({ at, used }: ReturnType<typeof now>): string {
  const { user, system } = process.cpuUsage(used);
  const wall = (performance.now() - at) / 1000;
  return `${wall.toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of processor)`;
}
const now = () => ({ at: performance.now(), used: process.cpuUsage() });

/** The first random network with so many parameters. */
function large() {
  const space = withResolution(spaceNamed(name), { deployment: [128, 128] });
  const random = generatorFor('large', name);
  for (let i = 0; i < 10_000; i++) {
    const genotype = space.sample(random);
    if (summarise(space.decode(genotype)).parameters < Number(millions) * 1e6) continue;
    return initialNetwork(space, genotype, 'kaiming-normal-fan-out', 0);
  }
  throw new RangeError(`${name} has no network of ${millions} million parameters`);
}

const graph = large();
console.log(
  `${name}: ${(summarise(graph).parameters / 1e6).toFixed(1)} M parameters, ${graph.nodes.length} nodes; before: ${mebibytes()}`,
);
let started = now();
const file = writeTflite(graph, 'float32', 'bench');
console.log(`float32: ${seconds(started)}, ${(file.length / 1e6).toFixed(1)} MB; ${mebibytes()}`);
started = now();
const half = writeTflite(graph, 'float16', 'bench');
console.log(`float16: ${seconds(started)}, ${(half.length / 1e6).toFixed(1)} MB; ${mebibytes()}`);
const image = graph.inputs[0]!.shape.slice(1) as unknown as ImageShape;
const { calibrating } = await corpusImages(image);
started = now();
const quantisable = await prepareInt8(graph, calibrating, { ...usualRanges, threads: 1 });
console.log(
  `calibrating with ${calibrating.length} images of ${image.join(' x ')}, rounding weights: ${seconds(started)}; ${mebibytes()}`,
);
started = now();
const { bytes } = writeInt8Tflite(quantisable, 'bench');
console.log(`int8: ${seconds(started)}, ${(bytes.length / 1e6).toFixed(1)} MB; ${mebibytes()}`);
process.exit(0);
