/** The operators that ZiCo counts as layers: those with weights. Biases and norms do not count. */

export const layerKinds = ['Conv', 'Gemm', 'MatMul'] as const;
export type LayerKind = (typeof layerKinds)[number];
