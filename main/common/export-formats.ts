/** The formats of an export. */

/** The formats that `all` stands for, which are also the default. */
export const usualFormats = ['onnx', 'pytorch', 'safetensors', 'npz', 'json', 'html'] as const;
/** Written when they are named. */
export const furtherFormats = [
  'training',
  'tflite',
  'tflite-float16',
  'tflite-int8',
  'onnx-int8',
] as const;
export const exportFormats = [...usualFormats, ...furtherFormats] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The formats that a format depends on: the module loads its weights, and training starts from the module. */
export const neededBy: Partial<Record<ExportFormat, readonly ExportFormat[]>> = {
  pytorch: ['safetensors'],
  training: ['pytorch', 'safetensors'],
};

/** Formats whose numbers come from running the network on images. */
const calibratedFormats: readonly ExportFormat[] = ['tflite-int8', 'onnx-int8'];
export const isCalibrated = (format: ExportFormat): boolean => calibratedFormats.includes(format);
