import { describe, expect, it } from 'vitest';
import { runnerInput, selfTest, selfTestGraph } from '../../../../main/phone/runners/self-test.ts';
import { runDeployable } from '../../../support/run-onnx.ts';

describe('the self-test of runners', () => {
  it("knows the sum of its outputs without an engine, and it is this computer's", async () => {
    const { sum } = selfTest();
    const { data } = await runDeployable(selfTestGraph(), 1, runnerInput(3 * 12 * 12));
    const computed = data.reduce((total, value) => total + value, 0);
    expect(sum).toBeGreaterThan(1);
    expect(Math.abs(computed - sum) / sum).toBeLessThan(1e-5);
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
