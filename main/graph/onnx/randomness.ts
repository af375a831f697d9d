/**
 * Random numbers that a file draws: stochastic depth and dropout that were left on. A mask of zeros and ones is
 * replaced by its mean, which the division by the kept share that follows it makes one: it is switched off.
 */
import { WorkbenchError } from '../../errors.ts';
import type { OnnxNode } from './node.ts';

const uniform = new Set(['RandomUniform', 'RandomUniformLike']);

export class Randomness {
  /** Draws that were met. */
  draws = 0;
  /** Value name -> what was added to a uniform number between 0 and 1. */
  private readonly numbers = new Map<string, number>();

  /** Whether a node draws uniform numbers, or shifts some; it needs no place in the graph then. */
  takes(source: OnnxNode): boolean {
    const output = source.outputs[0]!;
    if (uniform.has(source.opType)) {
      const plain = source.float('low', 0) === 0 && source.float('high', 1) === 1;
      if (!plain) throw random(source);
      this.draws += 1;
      this.numbers.set(output, 0);
      return true;
    }
    const [a = '', b = ''] = computedWith(source);
    const drawn = this.numbers.get(a) ?? this.numbers.get(b);
    if (drawn === undefined) return false;
    if (source.opType === 'Add') {
      const shift = numberOf(source, this.numbers.has(a) ? 1 : 0);
      if (shift === null) throw random(source);
      this.numbers.set(output, drawn + shift);
      return true;
    }
    if (!['Cast', 'CastLike', 'Identity'].includes(source.opType)) return false;
    this.numbers.set(output, drawn);
    return true;
  }

  /**
   * The mean of a mask that a node makes of random numbers; null for every other node.
   * @throws WorkbenchError `random-values` where random numbers are used otherwise
   */
  expected(source: OnnxNode): number | null {
    if (source.opType === 'Bernoulli') {
      const share = numberOf(source, 0);
      if (share === null) throw random(source);
      this.draws += 1;
      return share;
    }
    if (source.opType === 'RandomNormal' || source.opType === 'RandomNormalLike')
      throw random(source);
    const place = computedWith(source).findIndex((name) => this.numbers.has(name));
    if (place < 0) return null;
    const shift = this.numbers.get(source.inputs[place]!)!;
    if (source.opType === 'Floor' && shift >= 0 && shift <= 1) return shift;
    const limit = source.inputs.length === 2 ? numberOf(source, 1 - place) : null;
    const below = /^Less/.test(source.opType) === (place === 0);
    if (limit === null || !/^(Less|Greater)(OrEqual)?$/.test(source.opType)) throw random(source);
    const share = Math.min(1, Math.max(0, limit - shift));
    return below ? share : 1 - share;
  }
}

/** The inputs whose numbers count: of the second of CastLike only its type does. */
const computedWith = ({ opType, inputs }: OnnxNode): readonly string[] =>
  opType === 'CastLike' ? inputs.slice(0, 1) : inputs;

/** The single number that an input always is. */
function numberOf(source: OnnxNode, index: number): number | null {
  const tensor = source.constantTensor(index);
  if (!tensor || tensor.shape.some((size) => size !== 1)) return null;
  return (tensor.type === 'int64' ? tensor.integers : tensor.data)[0] ?? null;
}

function random({ opType, name }: OnnxNode): WorkbenchError {
  return new WorkbenchError(
    'random-values',
    `${opType} node "${name}" computes with random numbers, so every run would give another score.`,
    'Set drop path and dropout to 0 before the export (drop_path_rate, stochastic_depth_prob), and leave out what hides random parts of an image, as masked autoencoders do in training, or adds noise.',
  );
}
