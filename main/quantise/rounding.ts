/**
 * Weights as int8 will have them: rounded so that the neighbours of a weight make up for its error, with the mean
 * shift that remains taken out of the biases. Writers quantise a network with such weights without further loss.
 * Sources: Frantar et al., GPTQ, 2022, in blocks; Nagel et al.,
 * Data-Free Quantization through Weight Equalization and Bias Correction, 2019.
 */
import type { Graph, Initializer, Node } from '../graph/graph.ts';
import { elements } from '../graph/shape.ts';
import { materialise } from '../graph/weights.ts';
import type { Calibration } from './calibration.ts';
import { weightedLayers, type WeightedLayer } from './layers.ts';
import type { BlockMoments } from './moments.ts';

const most = 127;
/** Share of the mean square that is added to every square, for values that hardly vary or always vary together. */
const damping = 0.01;

/**
 * @param graph the one that was calibrated
 * @param onWeights called with how many weights are done, before each layer
 */
export function withRoundedWeights(
  graph: Graph,
  calibration: Calibration,
  onWeights?: (done: number, of: number) => void,
): Graph {
  const initializers = new Map<string, Initializer>(graph.initializers);
  const changed = new Map<Node, Node>();
  const layers = weightedLayers(graph);
  const all = layers.reduce((sum, { shape }) => sum + elements(shape), 0);
  let done = 0;
  for (const layer of layers) {
    onWeights?.(done, all);
    done += elements(layer.shape);
    const { shape, values } = initializers.get(layer.weight)!;
    const exact = materialise({ shape, values });
    const rounded = roundedWeights(
      layer,
      exact,
      calibration.moments.get(layer.node.outputs[0]!) ?? null,
    );
    const means = calibration.means.get(layer.input);
    initializers.set(layer.weight, { shape, values: { kind: 'data', data: rounded } });
    if (!means) continue;
    const shift = shiftOf(layer, exact, rounded, means);
    const now = withBias(layer, shift, initializers);
    if (now) changed.set(layer.node, now);
  }
  const nodes = graph.nodes.map((node) => changed.get(node) ?? node);
  return { ...graph, nodes, initializers };
}

/** Every number is an integer from -127 to 127 times a 127th of its channel's largest weight. */
function roundedWeights(
  { outputs, outputOf, shape, axis }: WeightedLayer,
  exact: Float32Array,
  moments: BlockMoments | null,
): Float32Array {
  const largest = new Float64Array(outputs);
  const largestAt = new Int32Array(outputs);
  exact.forEach((value, place) => {
    const output = outputOf(place);
    if (Math.abs(value) <= largest[output]!) return;
    largest[output] = Math.abs(value);
    largestAt[output] = place;
  });
  const factors = moments?.groups.map((blocks) => blocks.map(inverseFactor)) ?? null;
  const out = new Float32Array(exact.length);
  const length = exact.length / outputs;
  const placeOf = (output: number, i: number) =>
    axis === 0 ? output * length + i : i * shape[1]! + output;
  const channel = new Float64Array(length);
  for (let output = 0; output < outputs; output++) {
    const scale = largest[output]! / most;
    if (scale === 0) continue;
    for (let i = 0; i < length; i++) channel[i] = exact[placeOf(output, i)]!;
    const blocks = factors?.[Math.floor((output * factors.length) / outputs)] ?? null;
    for (let i = 0; i < length; i++) {
      const place = placeOf(output, i);
      // The largest stays what it is, since the scale comes from it.
      const rounded =
        place === largestAt[output]
          ? Math.sign(exact[place]!) * most
          : Math.min(most, Math.max(-most, Math.round(channel[i]! / scale)));
      out[place] = rounded * scale;
      if (!blocks) continue;
      const start = i - (i % moments!.block);
      const factor = blocks[start / moments!.block]!;
      const size = Math.sqrt(factor.length);
      const row = i - start;
      const off = (channel[i]! - rounded * scale) / factor[row * size + row]!;
      for (let k = row + 1; k < size; k++) channel[start + k]! -= off * factor[row * size + k]!;
    }
  }
  return out;
}

/** The upper Cholesky factor of the inverse, which passes the error of a weight on to those after it. */
function inverseFactor(moments: Float64Array): Float64Array {
  const size = Math.sqrt(moments.length);
  const damped = Float64Array.from(moments);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += moments[i * size + i]!;
  const least = Math.max((damping * trace) / size, Number.MIN_VALUE * 2 ** 60);
  for (let i = 0; i < size; i++) damped[i * size + i]! += least;
  const lower = choleskyOf(damped, size);
  const inverse = inverseFrom(lower, size);
  const factor = choleskyOf(inverse, size);
  // L of the inverse as rows of the upper factor.
  const upper = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) upper[j * size + i] = factor[i * size + j]!;
  }
  return upper;
}

function choleskyOf(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!;
      if (i === j)
        lower[i * size + i] = Math.sqrt(Math.max(sum, Number.EPSILON * matrix[i * size + i]!));
      else lower[i * size + j] = sum / lower[j * size + j]!;
    }
  }
  return lower;
}

/** The inverse of a matrix from its lower Cholesky factor. */
function inverseFrom(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  const column = new Float64Array(size);
  for (let c = 0; c < size; c++) {
    for (let i = 0; i < size; i++) {
      let sum = i === c ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= lower[i * size + k]! * column[k]!;
      column[i] = sum / lower[i * size + i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = column[i]!;
      for (let k = i + 1; k < size; k++) sum -= lower[k * size + i]! * column[k]!;
      column[i] = sum / lower[i * size + i]!;
    }
    for (let i = 0; i < size; i++) inverse[i * size + c] = column[i]!;
  }
  return inverse;
}

/** By how much rounding raises each output on the calibration images, on average. */
function shiftOf(
  { outputs, outputOf, inputOf }: WeightedLayer,
  exact: Float32Array,
  rounded: Float32Array,
  means: Float64Array,
): Float64Array {
  const shift = new Float64Array(outputs);
  exact.forEach((value, place) => {
    shift[outputOf(place)]! += (rounded[place]! - value) * means[inputOf(place)]!;
  });
  return shift;
}

/** The node with its bias corrected; null if the layer cannot have one. */
function withBias(
  { node, weight, bias, outputs }: WeightedLayer,
  shift: Float64Array,
  initializers: Map<string, Initializer>,
): Node | null {
  if (node.kind === 'MatMul') return null;
  const stored = bias === null ? null : initializers.get(bias);
  if (stored === undefined || (stored && stored.shape.join() !== `${outputs}`)) return null;
  if (node.kind === 'Gemm' && stored && node.attributes.beta !== 1) return null;
  const before = stored ? materialise(stored) : new Float32Array(outputs);
  const name = `${weight}:corrected bias`;
  const data = before.map((value, i) => value - shift[i]!);
  initializers.set(name, { shape: [outputs], values: { kind: 'data', data } });
  return { ...node, inputs: [node.inputs[0]!, weight, name] };
}
