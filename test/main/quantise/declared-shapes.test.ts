/** What models that calibrate declare of their inputs and outputs: runtimes check it, and may plan memory by it. */
import type { InferenceSession } from 'onnxruntime-node';
import { beforeEach, expect, it, vi } from 'vitest';
import { createSession } from '../../../main/engine/onnxruntime/session.ts';
import { decodeModel } from '../../../main/graph/onnx/decode.ts';
import { calibrate } from '../../../main/quantise/calibrate.ts';
import { noise, Sketch } from '../../support/sketch.ts';

vi.mock('../../../main/engine/onnxruntime/session.ts', async (original) => {
  const real = await original<{ createSession: typeof createSession }>();
  return { ...real, createSession: vi.fn(real.createSession) };
});
beforeEach(() => void vi.mocked(createSession).mockClear());

type Dims = Readonly<Record<string, readonly (number | string)[]>>;

function declaredBy(model: Uint8Array): Dims {
  const { input, output } = decodeModel(model, 'model').graph!;
  return Object.fromEntries(
    [...(input ?? []), ...(output ?? [])].map(({ name, type }) => [
      name!,
      type!.tensorType!.shape!.dim!.map(({ dimValue, dimParam }) => dimParam || Number(dimValue)),
    ]),
  );
}

it('are the shapes that they have, and different sizes have different names', async () => {
  const sketch = new Sketch(1, [6, 7, 9]);
  const conv = sketch.conv('w', 'image', [4, 6, 3, 2]);
  const flat = sketch.node('Reshape', [conv], { shape: [1, 4 * 5 * 8] });
  const linear = { alpha: 1, beta: 1, transA: false, transB: true };
  const y = sketch.node('Gemm', [flat, sketch.weights('v', [3, 160])], linear);
  const threes = sketch.node('Reshape', [y], { shape: [1, 3, 1] });
  const images = [noise(6 * 7 * 9, 'declared')];
  const ran: [Dims, Dims][] = [];
  const real = vi.mocked(createSession).getMockImplementation()!;
  vi.mocked(createSession).mockImplementation(async (model, ...rest) => {
    const session = await real(model, ...rest);
    const run = session.run.bind(session);
    session.run = async (feeds: InferenceSession.FeedsType) => {
      const given = await run(feeds);
      const all = Object.entries({ ...feeds, ...given });
      ran.push([
        declaredBy(model),
        Object.fromEntries(all.map(([name, { dims }]) => [name, dims])),
      ]);
      return given;
    };
    return session;
  });
  await calibrate(sketch.graph([threes]), images, {
    ...{ method: 'min-max', percentile: 100, threads: 1 },
  });
  expect(ran).toHaveLength(3); // the network, and products of two layers
  for (const [declared, found] of ran) {
    expect(Object.keys(declared).toSorted()).toEqual(Object.keys(found).toSorted());
    const sizes = new Map<string, number>();
    for (const [name, dims] of Object.entries(declared)) {
      const named = found[name]!.map((size) => Number(size));
      expect(dims, name).toHaveLength(named.length);
      for (const [axis, size] of dims.entries()) {
        if (typeof size === 'string' && !sizes.has(size)) sizes.set(size, named[axis]!);
        const meant = typeof size === 'string' ? sizes.get(size) : size;
        expect(meant, `axis ${axis} of ${name}`).toBe(named[axis]);
      }
    }
  }
});
