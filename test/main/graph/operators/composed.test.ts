/** ONNX operators that reading puts together from others: the same values as onnxruntime's own operators. */
import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { createSession } from '../../../../main/engine/onnxruntime/session.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { composedCases } from '../../../support/composed-cases.ts';
import { encodeForeign } from '../../../support/foreign-onnx.ts';
import { runDeployable } from '../../../support/run-onnx.ts';
import { noise } from '../../../support/sketch.ts';

const batch = 2;

describe('onnxruntime finds the same for', () => {
  it.each(Object.entries(composedCases))(
    '%s',
    async (_name, { nodes, initializers, opset, positive, image }) => {
      const size = [...(image ?? [3, 4, 5])];
      const count = batch * size.reduce((a, b) => a * b, 1);
      const values = Float32Array.from(noise(count, 'composed'), (value) =>
        positive ? Math.abs(value) + 0.1 : value,
      );
      const model = encodeForeign({
        nodes,
        ...(initializers && { initializers }),
        input: [null, ...size],
        opset: opset ?? 15,
      });
      const session = await createSession(model, 1);
      const own = await session.run({ x: new Tensor('float32', values, [batch, ...size]) });
      await session.release();
      const found = await runDeployable(readOnnx(model, 'model.onnx'), batch, values);
      const wanted = own['y']!;
      expect(found.shape).toEqual(wanted.dims);
      const numbers = wanted.data as Float32Array;
      const scale = numbers.reduce((top, value) => Math.max(top, Math.abs(value)), 1);
      found.data.forEach((value, i) => {
        const same = value === numbers[i] || Math.abs(value - numbers[i]!) <= 2e-6 * scale;
        if (!same) expect.fail(`place ${i}: ${value}, onnxruntime's own ${numbers[i]}`);
      });
    },
  );
});
