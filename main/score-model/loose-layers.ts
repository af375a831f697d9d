/** Layers that a reading by PyTorch's modules would not find. */
import type { Layers } from '../graph/layers.ts';
import { isMadeUpName } from '../graph/onnx/module-names.ts';

/**
 * Names of layers whose weight is a parameter of its own (`attn.in_proj_weight`), where most layers of the file
 * have the names of modules (`conv.weight`). Files of other frameworks use other names: none of theirs is reported.
 */
export function looseLayersOf({ layers }: Pick<Layers, 'layers'>): readonly string[] {
  const loose = layers.filter(({ weight }) => !weight.endsWith('.weight'));
  if (2 * loose.length >= layers.length) return [];
  return loose.filter(({ weight }) => !isMadeUpName(weight)).map(({ name }) => name);
}
