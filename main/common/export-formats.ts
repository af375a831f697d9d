/** What an export can hold. */

/** What `all` means, and what is written unless something else is asked for. */
export const usualFormats = ['onnx', 'pytorch', 'safetensors', 'npz', 'json', 'html'] as const;
/** Written when they are named. */
export const furtherFormats = ['training', 'tflite', 'tflite-float16'] as const;
export const exportFormats = [...usualFormats, ...furtherFormats] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What a format needs beside it: the module loads its weights, and training starts from the module. */
export const neededBy: Partial<Record<ExportFormat, readonly ExportFormat[]>> = {
  pytorch: ['safetensors'],
  training: ['pytorch', 'safetensors'],
};
