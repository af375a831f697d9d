/** Precisions of converted models, by their names on the command line. */
export const convertPrecisions = ['float32', 'float16', 'int8'] as const;
export type ConvertPrecision = (typeof convertPrecisions)[number];
