/** The bytes of an ONNX file as what the format describes. */
import onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import { inlineFunctions } from './local-functions.ts';
import { withDenseWeights } from './sparse-weights.ts';

/**
 * The model with its own functions spelled out where they are called, and with sparse weights dense.
 * @throws WorkbenchError `not-onnx`, `onnx-malformed`, `model-too-large`
 */
export function decodeModel(bytes: Uint8Array, label: string): onnxProto.onnx.ModelProto {
  const model = decode(bytes, label);
  if (!model.graph?.node?.length) throw notOnnx(label, 'it holds no network');
  inlineFunctions(model, bytes, label);
  model.graph = withDenseWeights(model.graph, label);
  return model;
}

function decode(bytes: Uint8Array, label: string): onnxProto.onnx.ModelProto {
  try {
    return onnxProto.onnx.ModelProto.decode(bytes);
  } catch (cause) {
    if (isTfliteFile(bytes)) throw tfliteGiven(label);
    throw notOnnx(label, 'its bytes cannot be decoded', cause);
  }
}

/** A FlatBuffers file names its schema in bytes 4 to 8. */
function isTfliteFile(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(4, 8)) === 'TFL3';
}

function tfliteGiven(label: string): WorkbenchError {
  return new WorkbenchError(
    'not-onnx',
    `${label} is a TensorFlow Lite model, and not an ONNX model.`,
    'Give the ONNX model that it was made of: where the runner tflite-cpu is chosen, its TensorFlow Lite form is made and measured, also in int8.',
  );
}

function notOnnx(label: string, why: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'not-onnx',
    `${label} is not an ONNX model: ${why}.`,
    'Choose a .onnx file, for example one written by torch.onnx.export.',
    { cause },
  );
}
