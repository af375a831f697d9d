/** The bytes of an ONNX file as what the format describes. */
import onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';

export type IModelProto = onnxProto.onnx.IModelProto;

/** @throws WorkbenchError `not-onnx` */
export function decodeModel(bytes: Uint8Array, label: string): onnxProto.onnx.ModelProto {
  const model = decode(bytes, label);
  if (!model.graph?.node?.length) throw notOnnx(label, 'it holds no network');
  return model;
}

function decode(bytes: Uint8Array, label: string): onnxProto.onnx.ModelProto {
  try {
    return onnxProto.onnx.ModelProto.decode(bytes);
  } catch (cause) {
    throw notOnnx(label, 'its bytes cannot be decoded', cause);
  }
}

function notOnnx(label: string, why: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'not-onnx',
    `${label} is not an ONNX model: ${why}.`,
    'Choose a .onnx file, for example one written by torch.onnx.export.',
    { cause },
  );
}
