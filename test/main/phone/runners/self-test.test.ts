import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { runnerInput, selfTest, selfTestGraph } from '../../../../main/phone/runners/self-test.ts';
import { createSession } from '../../../../main/engine/onnxruntime/session.ts';
import { TfliteInterpreter } from '../../../../main/latency/tflite/interpreter.ts';
import { testLibrary } from '../../../support/tflite.ts';
import { runDeployable } from '../../../support/run-onnx.ts';

describe('the self-test of runners', () => {
  it("knows the sum of its outputs without an engine, and it is this computer's", async () => {
    const { sum } = selfTest();
    const { data } = await runDeployable(selfTestGraph(), 1, runnerInput(3 * 12 * 12));
    const computed = data.reduce((total, value) => total + value, 0);
    expect(sum).toBeGreaterThan(1);
    expect(Math.abs(computed - sum) / sum).toBeLessThan(1e-5);
  });

  it.each([
    ['tflite', 'float32'],
    ['tflite', 'float16'],
    ['tflite', 'int8'],
  ] as const)('knows it for %s in %s, whose picture has its channels last', (format, precision) => {
    const { bytes, sum, tolerance } = selfTest({ format, precision });
    const interpreter = new TfliteInterpreter(bytes, 1, testLibrary());
    interpreter.setInput(runnerInput(3 * 12 * 12));
    interpreter.invoke();
    const [output] = interpreter.outputs();
    interpreter.close();
    const computed = output!.data.reduce((total, value) => total + value, 0);
    expect(Math.abs(computed - sum) / sum).toBeLessThan(tolerance / 2);
  });

  it.each(['float16', 'int8'] as const)('knows it for onnxruntime in %s', async (precision) => {
    const { bytes, sum, tolerance } = selfTest({ format: 'onnx', precision });
    const session = await createSession(bytes, 1);
    const image = new Tensor('float32', runnerInput(3 * 12 * 12), [1, 3, 12, 12]);
    const outputs = await session.run({ image });
    const data = Object.values(outputs)[0]!.data as Float32Array;
    const computed = data.reduce((total, value) => total + value, 0);
    expect(Math.abs(computed - sum) / sum).toBeLessThan(tolerance / 2);
    await session.release();
  });

  it('is the same file every time', () => {
    expect(selfTest().sha256).toBe(selfTest().sha256);
  });

  it('has an input that begins as the C runner fills it', () => {
    // state = 12345 * 1664525 + 1013904223 mod 2^32
    const first = Number((12345n * 1664525n + 1013904223n) % 2n ** 32n);
    expect(runnerInput(1)[0]).toBe(Math.floor(first / 256) / 2 ** 24);
  });
});
