import onnxProto from 'onnx-proto';
import { Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { createSession } from '../../../../main/engine/onnxruntime/session.ts';
import { DataType, encodeForeign, floats } from '../../../support/foreign-onnx.ts';

const { ModelProto } = onnxProto.onnx;

/** onnxruntime makes weights uint8 on x64 without VNNI, for which QGemm has no kernel behind values of int8. */
it('opens a model of int8 whose operator takes weights as int8 alone', async () => {
  const bytes = (name: string, dims: number[], values: number[]) => ({
    ...{ name, dims, dataType: DataType.INT8 },
    rawData: Uint8Array.from(values, (value) => value & 0xff),
  });
  const scales = ['x_scale', 'w_scale', 'y_scale'].map((name) => floats(name, [], [0.5]));
  const model = ModelProto.decode(
    encodeForeign({
      nodes: [
        { opType: 'QuantizeLinear', input: ['x', 'x_scale', 'zero'], output: ['q'] },
        {
          ...{ opType: 'QGemm', domain: 'com.microsoft', output: ['p'] },
          input: ['q', 'x_scale', 'zero', 'w', 'w_scale', 'zero', '', 'y_scale', 'zero'],
        },
        { opType: 'DequantizeLinear', input: ['p', 'y_scale', 'zero'], output: ['y'] },
      ],
      initializers: [...scales, bytes('zero', [], [0]), bytes('w', [2, 2], [2, -4, 6, 8])],
      input: [1, 2],
    }),
  );
  model.opsetImport.push(
    onnxProto.onnx.OperatorSetIdProto.create({ domain: 'com.microsoft', version: 1 }),
  );
  const session = await createSession(ModelProto.encode(model).finish(), 1);
  const { y } = await session.run({ x: new Tensor('float32', [1, 2], [1, 2]) });
  expect([...(y!.data as Float32Array)]).toEqual([7, 6]);
});
