/** Which dropped files are models, by their names. */
export const isModelFile = (name: string): boolean => /\.onnx$/i.test(name);
