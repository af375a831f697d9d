import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../main/graph/builder.ts';
import { weightSchemes } from '../../../main/common/weight-schemes.ts';
import type { Shape, WeightScheme } from '../../../main/graph/graph.ts';
import { layersOf } from '../../../main/graph/layers.ts';
import { materialise, withInitialWeights } from '../../../main/graph/weights.ts';

const drawn = (shape: Shape, scheme: WeightScheme, seed = 1) =>
  materialise({ shape, values: { kind: 'random', scheme, seed } });

function moments(values: Float32Array) {
  const mean = (numbers: Float32Array) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const center = mean(values);
  const central = (power: number) => mean(values.map((v) => (v - center) ** power));
  const variance = central(2);
  return { mean: center, variance, kurtosis: central(4) / variance ** 2 };
}

describe("PyTorch's default weights", () => {
  // torch.nn.Conv2d and Linear: U(-1/sqrt(fanIn), 1/sqrt(fanIn)).
  it.each<[string, Shape, number]>([
    ['a convolution', [200, 50, 3, 3], 450],
    ['a depthwise convolution', [2000, 1, 5, 5], 25],
    ['a fully connected layer', [300, 200], 200],
  ])('of %s are uniform within 1 / sqrt(fan-in)', (_name, shape, fanIn) => {
    const values = drawn(shape, 'pytorch-default');
    const bound = 1 / Math.sqrt(fanIn);
    const extreme = values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    expect(extreme).toBeLessThanOrEqual(bound * (1 + 1e-7));
    expect(extreme).toBeGreaterThan(0.999 * bound);
    const { mean, variance, kurtosis } = moments(values);
    expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * values.length));
    expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1);
    expect(kurtosis).toBeCloseTo(9 / 5, 1);
  });
});

describe('He (Kaiming) normal weights, fan-out', () => {
  it.each<[string, Shape, number]>([
    ['a convolution', [100, 50, 3, 3], 900],
    ['a depthwise convolution', [2000, 1, 5, 5], 2000 * 25],
    ['a fully connected layer', [300, 200], 300],
  ])('of %s are normal with variance 2 / fan-out', (_name, shape, fanOut) => {
    const values = drawn(shape, 'kaiming-normal-fan-out');
    const { mean, variance, kurtosis } = moments(values);
    const expected = 2 / fanOut;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(expected / values.length));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / values.length));
  });

  it('fill an odd number of places', () => {
    expect(drawn([1, 1, 3, 3], 'kaiming-normal-fan-out').every((value) => value !== 0)).toBe(true);
  });
});

describe('initial weights', () => {
  function network() {
    const net = new GraphBuilder();
    const x = net.image('image', [3, 8, 8]);
    const a = net.conv('a', x, { inChannels: 3, outChannels: 4, kernel: 3, bias: true });
    const b = net.conv('b', net.batchNormalization('norm', a, 4), {
      inChannels: 4,
      outChannels: 4,
      kernel: 3,
    });
    const c = net.conv('c', b, { inChannels: 4, outChannels: 4, kernel: 3 });
    const flat = net.flatten(net.globalAveragePool(c));
    return net.build('n', [net.linear('head', flat, 4, 2)]);
  }
  const all = (scheme: WeightScheme, seed: number) => {
    const graph = withInitialWeights(network(), scheme, seed);
    return new Map([...graph.initializers].map(([name, i]) => [name, [...materialise(i)]]));
  };

  it.each(weightSchemes)('are a function of seed and name (%s)', (scheme) => {
    expect(all(scheme, 5)).toEqual(all(scheme, 5));
    const [five, six] = [all(scheme, 5), all(scheme, 6)];
    for (const { weight } of layersOf(network()))
      expect(five.get(weight)).not.toEqual(six.get(weight));
    expect(five.get('b.weight')).not.toEqual(five.get('c.weight'));
  });

  it('differ from scheme to scheme', () => {
    const [first, second] = weightSchemes.map((scheme) => all(scheme, 5).get('b.weight'));
    expect(first).not.toEqual(second);
  });

  it('leave norms at 1 and 0, and biases at 0', () => {
    const values = all('pytorch-default', 5);
    expect(values.get('norm.weight')).toEqual([1, 1, 1, 1]);
    for (const name of ['norm.bias', 'a.bias', 'head.bias']) {
      expect(values.get(name)?.every((value) => value === 0)).toBe(true);
    }
  });

  it('are described, not stored, until somebody needs the numbers', () => {
    const graph = withInitialWeights(network(), 'pytorch-default', 5);
    expect([...graph.initializers.values()].some(({ values }) => values.kind === 'data')).toBe(
      false,
    );
  });

  it('that a file brought stay its own', () => {
    const data = Float32Array.of(1, 2);
    expect(materialise({ shape: [2], values: { kind: 'data', data } })).toBe(data);
  });
});
