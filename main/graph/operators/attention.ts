/** ONNX's Attention (opset 23): softmax(Q K^T scale + mask) V of several heads, which PyTorch writes from opset 23 on. */
import type { OnnxNode } from '../onnx/node.ts';
import { Composition } from './composed.ts';
import { unsupportedAttribute, type ExpandedNode, type ExpansionContext } from './operator.ts';
import type { Known } from '../../common/known.ts';

/** The score of a place that must not be seen; with infinity, rows that see no place at all would be NaN. */
const leastFloat = -3.4028234663852886e38;

export function expandAttention(
  source: OnnxNode,
  context: ExpansionContext,
): readonly ExpandedNode[] {
  const [query, key, value, mask = '', ...past] = source.inputs as Known<string>;
  if (past.some((name) => name !== '')) throw unsupportedAttribute(source, 'keys of the past');
  if (source.int('is_causal', 0) === 1) throw unsupportedAttribute(source, 'a causal mask');
  const compose = new Composition(source, context);
  const rank = context.shapeOf(query).length;
  /** N x heads x places x numbers. */
  const byHead = (name: string, heads: string) => {
    const shape = context.shapeOf(name);
    if (rank === 4) return { name, shape };
    const count = source.int(heads, 0);
    const [images = 0, places = 0, width = 0] = shape;
    if (count < 1 || width % count !== 0) throw unsupportedAttribute(source, `${heads}=${count}`);
    const apart = compose.op('Reshape', [name], { shape: [0, 0, count, width / count] });
    const turned = compose.op('Transpose', [apart], { permutation: [0, 2, 1, 3] });
    return { name: turned, shape: [images, count, places, width / count] };
  };
  const q = byHead(query, 'q_num_heads');
  const k = byHead(key, 'kv_num_heads');
  const v = byHead(value, 'kv_num_heads');
  if (q.shape[1] !== k.shape[1]) throw unsupportedAttribute(source, 'heads that share keys');
  const scale = source.float('scale', 1 / Math.sqrt(q.shape[3]!));
  const turned = compose.op('Transpose', [k.name], { permutation: [0, 1, 3, 2] });
  const products = compose.op('MatMul', [compose.times(q.name, scale), turned], {});
  const cap = source.float('softcap', 0);
  const capped =
    cap > 0 ? compose.times(compose.op('Tanh', [compose.over(products, cap)], {}), cap) : products;
  /** Of a mask that says which places are seen; numbers are added instead. */
  const holds = mask !== '' && context.isTruth(mask) ? context.asFloats(mask) : null;
  const shares = compose.op('Softmax', [masked(capped)], { axis: -1 });
  // What sees no place at all is zero, as onnxruntime and PyTorch have it, and not the mean of all.
  const likely = holds === null ? shares : compose.op('Masked', [holds, shares], {});
  const seen = compose.op('MatMul', [likely, v.name], {});
  if (rank === 4) return compose.ending(seen);
  const beside = compose.op('Transpose', [seen], { permutation: [0, 2, 1, 3] });
  const width = q.shape[1]! * v.shape[3]!;
  return compose.ending(compose.op('Reshape', [beside], { shape: [0, 0, width] }));

  function masked(scores: string): string {
    if (mask === '') return scores;
    if (holds === null) return compose.plus(scores, mask);
    const least = context.constant(context.shapeOf(mask), leastFloat);
    const hidden = compose.op('Masked', [compose.minus(1, holds), least], {});
    return compose.plus(compose.op('Masked', [holds, scores], {}), hidden);
  }
}
