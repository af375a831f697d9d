import manifest from '../package.json' with { type: 'json' };

/** Version of the product, written into run files, exports and ONNX models. */
export const productVersion: string = manifest.version;
