/** How the numbers of a network that is deployed are kept. float16 halves the weights and computes with float32. */
export const deployedPrecisions = ['float32', 'float16', 'int8'] as const;
export type DeployedPrecision = (typeof deployedPrecisions)[number];
