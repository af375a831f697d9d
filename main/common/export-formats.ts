/** What an export can hold. */

export const exportFormats = ['onnx', 'pytorch', 'safetensors', 'npz', 'json', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];
