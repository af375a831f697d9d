/** What counts as a layer for ZiCo: operators with weights. Biases and norms do not count. */

export const layerKinds = ['Conv', 'Gemm', 'MatMul'] as const;
export type LayerKind = (typeof layerKinds)[number];
