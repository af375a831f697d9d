/**
 * What has been folded already: transformers compute the same table of positions in every layer, and it is computed
 * and kept once.
 */
import { elements } from '../shape.ts';
import { numberInWords, type OnnxNode, type OnnxTensor } from './node.ts';

/** Constants of up to so many numbers are told apart by their numbers, larger ones by where they come from. */
const mostCompared = 64;

export class FoldMemo {
  private readonly folds = new Map<string, OnnxTensor>();
  private readonly numbers = new WeakMap<OnnxTensor, number>();
  private count = 0;

  /** Names an operation on constants; null where one of its inputs is none. */
  keyOf(node: OnnxNode): string | null {
    const parts: string[] = [];
    for (const [index, name] of node.inputs.entries()) {
      const tensor = node.constantTensor(index);
      if (name !== '' && !tensor) return null;
      parts.push(tensor ? this.nameOf(tensor) : '');
    }
    return `${node.opType}(${parts.join(';')})${node.attributesInWords()}`;
  }

  find(key: string | null): OnnxTensor | undefined {
    return key === null ? undefined : this.folds.get(key);
  }

  add(key: string | null, folded: OnnxTensor): void {
    if (key !== null && elements(folded.shape) > mostCompared) this.folds.set(key, folded);
  }

  private nameOf(tensor: OnnxTensor): string {
    const { shape, type, integers, data } = tensor;
    if (elements(shape) <= mostCompared) {
      const values = Array.from(type === 'int64' ? integers : data, numberInWords);
      return `${type}[${shape.join()}]${values.join()}`;
    }
    const known = this.numbers.get(tensor) ?? ++this.count;
    this.numbers.set(tensor, known);
    return `#${known}`;
  }
}
