/** Converting a model, in the words of the command line. */

/** What a model can be converted to. */
export const convertTargets = ['tflite', 'onnx'] as const;
export type ConvertTarget = (typeof convertTargets)[number];

/** What an int8 network takes and gives. */
export const fileTypes = ['float32', 'int8'] as const;
export type FileType = (typeof fileTypes)[number];
