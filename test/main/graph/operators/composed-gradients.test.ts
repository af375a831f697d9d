/** Gradients through ONNX operators that reading puts together from others, on both engines, by finite differences. */
import { describe, expect, it } from 'vitest';
import { builtVersion } from '../../../../main/engine/onednn/addon.ts';
import { inferShapes } from '../../../../main/graph/infer-shapes.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { elements } from '../../../../main/graph/shape.ts';
import { composedCases, type ComposedCase } from '../../../support/composed-cases.ts';
import { encodeForeign, floats, integers } from '../../../support/foreign-onnx.ts';
import { checkGradients, type GradientsOf } from '../../../support/gradient-check.ts';
import { gradientsByOneDnn } from '../../../support/native-gradients.ts';
import { noise } from '../../../support/sketch.ts';

const batch = 2;
const classes = 4;
/** Inputs are moved by seed until no kink lies within rounding. */
const seeds = 20;

/** No gradient passes these, or their values are infinite. */
const flat = /^(Greater|Less|Equal|And|Or|Xor|Not|steps)|infinity/;
const cases = Object.entries(composedCases).filter(([name]) => !flat.test(name));

/** The case between a convolution over single places and a classifier. */
function around({ nodes, initializers = [], opset, positive, image = [3, 4, 5] }: ComposedCase) {
  const own = encodeForeign({
    ...{ nodes, initializers, input: [null, ...image], opset: opset ?? 15 },
  });
  const read = readOnnx(own, 'case.onnx');
  const size = elements(inferShapes(read, batch).get(read.outputs[0]!)!) / batch;
  const channels = image[0]!;
  const wide = image.length === 3;
  return readOnnx(
    encodeForeign({
      opset: opset ?? 15,
      input: [batch, channels, ...image.slice(1)],
      nodes: [
        {
          ...{ opType: 'Conv', name: 'before', input: ['x', 'before'] },
          output: [positive ? 'conv' : 'given'],
        },
        ...(positive
          ? [{ opType: 'Exp', name: 'positive', input: ['conv'], output: ['given'] }]
          : []),
        ...nodes.map((node) => ({
          ...node,
          input: (node.input ?? []).map((name) => (name === 'x' ? 'given' : name)),
        })),
        { opType: 'Reshape', name: 'rows', input: ['y', 'asRows'], output: ['features'] },
        { opType: 'MatMul', name: 'classifier', input: ['features', 'last'], output: ['logits'] },
      ],
      initializers: [
        ...initializers,
        floats(
          'before',
          [channels, channels, ...(wide ? [1, 1] : image.slice(1).map(() => 1))],
          [...noise(channels * channels, 'before')],
        ),
        integers('asRows', [batch, size]),
        floats('last', [size, classes], [...noise(size * classes, 'last')]),
      ],
      outputs: ['logits'],
    }),
    'case.onnx',
    { batchSize: batch },
  );
}

async function assertGradients(
  use: ComposedCase,
  gradientsOf: GradientsOf | undefined,
): Promise<void> {
  const graph = around(use);
  for (let seed = 0; seed < seeds; seed++) {
    const options = { seed, ...(gradientsOf && { gradientsOf }) };
    const check = await checkGradients(graph, batch, classes, options);
    if (check.kinkDistance <= 1e-5) continue;
    expect(check.lossError).toBeLessThan(1e-4);
    for (const [weight, error] of check.errors) expect(error, weight).toBeLessThan(1e-4);
    return;
  }
  expect.fail('every seed puts some value on a kink');
}

describe.each([
  ['onnxruntime', undefined],
  ['onednn', gradientsByOneDnn],
] as const)('by %s, gradients agree with finite differences through', (engine, gradientsOf) => {
  const there = engine === 'onnxruntime' || builtVersion() !== null;
  it.runIf(there).each(cases)('%s', (_name, use) => assertGradients(use, gradientsOf), 30_000);
});
