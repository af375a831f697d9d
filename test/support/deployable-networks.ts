/** Small networks of the families that people search, with weights named as spaces name them. */
import type { Graph } from '../../main/graph/graph.ts';
import type { ResizeAttributes } from '../../main/graph/operators/attributes.ts';
import { noise, sameConv, Sketch } from './sketch.ts';

const twice: ResizeAttributes = {
  mode: 'nearest',
  coordinates: 'asymmetric',
  nearestMode: 'floor',
  target: { kind: 'scales', scales: [2, 2] },
};

class Net {
  readonly sketch: Sketch;

  constructor(image: readonly [number, number, number]) {
    this.sketch = new Sketch(1, image);
  }

  conv(
    name: string,
    x: string,
    out: number,
    kernel = 3,
    stride = 1,
    group = 1,
    bias = false,
  ): string {
    const channels = this.channels(x);
    const half = kernel >> 1;
    const weight = this.weights(
      `${name}.weight`,
      [out, channels / group, kernel, kernel],
      (channels / group) * kernel ** 2,
    );
    const inputs = bias ? [x, weight, this.weights(`${name}.bias`, [out], 1)] : [x, weight];
    return this.sketch.node('Conv', inputs, {
      ...sameConv,
      strides: [stride, stride],
      pads: [half, half, half, half],
      group,
    });
  }

  norm(name: string, x: string): string {
    const channels = [this.channels(x)];
    const around = (value: number, part: string) =>
      this.sketch.weights(
        `${name}.${part}`,
        channels,
        noise(channels[0]!, name, part).map((n) => value + 0.3 * n),
      );
    const inputs = [
      x,
      around(1, 'weight'),
      around(0, 'bias'),
      around(0, 'running_mean'),
      around(1, 'running_var'),
    ];
    return this.sketch.node('BatchNormalization', inputs, { epsilon: 1e-3, training: true }, 3);
  }

  convNorm(name: string, x: string, out: number, kernel = 3, stride = 1, group = 1): string {
    return this.norm(`${name}.norm`, this.conv(`${name}.conv`, x, out, kernel, stride, group));
  }

  relu = (x: string) => this.sketch.node('Relu', [x], {});
  add = (a: string, b: string) => this.sketch.node('Add', [a, b], {});
  mul = (a: string, b: string) => this.sketch.node('Mul', [a, b], {});
  up = (x: string) => this.sketch.node('Resize', [x], twice);
  channels = (x: string) => this.sketch.shapeOf(x)[1]!;

  linear(name: string, x: string, out: number): string {
    const features = this.sketch.shapeOf(x)[1]!;
    const inputs = [
      x,
      this.weights(`${name}.weight`, [out, features], features),
      this.weights(`${name}.bias`, [out], 1),
    ];
    return this.sketch.node('Gemm', inputs, { alpha: 1, beta: 1, transA: false, transB: true });
  }

  pooled(x: string): string {
    const pooled = this.sketch.node('GlobalAveragePool', [x], {});
    return this.sketch.node('Flatten', [pooled], { axis: 1 });
  }

  weights(name: string, shape: readonly number[], fanIn: number): string {
    const count = shape.reduce((product, size) => product * size, 1);
    return this.sketch.weights(
      name,
      shape,
      noise(count, name).map((n) => n / Math.sqrt(fanIn)),
    );
  }

  graph(name: string, outputs: readonly string[]): Graph {
    return { ...this.sketch.graph(outputs), name };
  }
}

/** Inverted residuals with Swish and squeeze-and-excite, as in EfficientNet; one stage has groups of 4. */
export function mobileNetwork(): Graph {
  const net = new Net([3, 32, 32]);
  const swish = (x: string) => net.mul(x, net.sketch.node('Sigmoid', [x], {}));
  let x = swish(net.convNorm('stem', image, 8, 3, 2));
  const block = (
    name: string,
    input: string,
    out: number,
    kernel: number,
    stride: number,
    group?: number,
  ) => {
    const hidden = net.channels(input) * 3;
    let y = swish(net.convNorm(`${name}.expand`, input, hidden, 1));
    y = swish(net.convNorm(`${name}.depthwise`, y, hidden, kernel, stride, group ?? hidden));
    let gate = net.sketch.node('GlobalAveragePool', [y], {});
    gate = net.relu(net.conv(`${name}.squeeze.reduce`, gate, 4, 1, 1, 1, true));
    gate = net.sketch.node(
      'Sigmoid',
      [net.conv(`${name}.squeeze.expand`, gate, hidden, 1, 1, 1, true)],
      {},
    );
    y = net.convNorm(`${name}.project`, net.mul(y, gate), out, 1);
    return stride === 1 && net.channels(input) === out ? net.add(y, input) : y;
  };
  x = block('stages.0.0', x, 12, 3, 2);
  x = block('stages.0.1', x, 12, 3, 1);
  x = block('stages.0.2', x, 12, 3, 1);
  x = block('stages.1.0', x, 16, 5, 2, 4);
  x = block('stages.1.1', x, 16, 5, 1, 4);
  x = swish(net.convNorm('head', x, 24, 1));
  return net.graph('mobile', [net.linear('classifier', net.pooled(x), 7)]);
}

/** Residual stages whose outputs meet in a top-down head: upsampling, concatenation, a segmentation map. */
export function segmentationNetwork(linearUpsampling = false): Graph {
  const net = new Net([3, 64, 128]);
  let x = net.relu(net.convNorm('stem.0', image, 8, 3, 2));
  x = net.relu(net.convNorm('stem.1', x, 12, 3, 2));
  const features = [12, 16, 20, 24].map((channels, stage) => {
    for (let i = 0; i < [2, 3, 3, 1][stage]!; i++) {
      const name = `stages.${stage}.${i}`;
      const stride = i === 0 ? 2 : 1;
      const shortcut = i === 0 ? net.convNorm(`${name}.shortcut`, x, channels, 1, stride) : x;
      const y = net.relu(
        net.convNorm(`${name}.conv1`, x, channels, 3, stride, stage === 3 ? 2 : 1),
      );
      x = net.relu(net.add(net.convNorm(`${name}.conv2`, y, channels), shortcut));
    }
    return x;
  });
  const adapted = features.map((f, i) =>
    net.relu(net.convNorm(`head.adapters.${i}`, f, 8 + 4 * i, 1)),
  );
  let down = adapted[3]!;
  const maps: string[] = [];
  for (let i = 3; i >= 0; i--) {
    if (i < 3) {
      const lateral = net.relu(net.convNorm(`head.down.${i}`, down, net.channels(adapted[i]!), 1));
      down = net.add(net.up(lateral), adapted[i]!);
    }
    let map = net.relu(net.convNorm(`head.outputs.${i}`, down, 8));
    for (let k = 0; k < i; k++) map = net.up(map);
    maps.push(map);
  }
  const all = net.sketch.node('Concat', maps, { axis: 1 });
  const y = net.relu(
    net.norm('classifier.norm', net.conv('classifier.conv', all, 16, 3, 1, 1, true)),
  );
  let logits = net.conv('classifier.logits', y, 5, 3, 1, 1, true);
  if (linearUpsampling) {
    const size = { kind: 'sizes', sizes: [64, 128] } as const;
    logits = net.sketch.node('Resize', [logits], {
      ...twice,
      mode: 'linear',
      coordinates: 'half_pixel',
      target: size,
    });
  }
  return net.graph(`segmentation ${linearUpsampling}`, [logits]);
}

/** Fused levels with trained weights, heads shared by all levels with norms of their own, six outputs. */
export function detectionNetwork(): Graph {
  const net = new Net([3, 64, 64]);
  let x = net.relu(net.convNorm('backbone.stem', image, 8, 3, 4));
  const levels = [0, 1, 2].map((i) => {
    x = net.relu(net.convNorm(`backbone.stages.${i}`, x, 8 + 4 * i, 3, 2));
    return net.convNorm(`fpn.inputs.${i}`, x, 8, 1);
  });
  for (let cell = 0; cell < 2; cell++) {
    for (const level of [1, 0]) {
      const name = `fpn.cells.${cell}.nodes.${level}`;
      const trained = net.relu(
        net.sketch.weights(`${name}.weights`, [2], Float32Array.of(0.9, 0.4)),
      );
      const whole = net.sketch.node('ReduceSum', [trained], { axes: [0], keepDims: true });
      const epsilon = net.sketch.weights('epsilon', [], Float32Array.of(1e-4));
      const share = net.sketch.node(
        'Div',
        [trained, net.sketch.node('Add', [whole, epsilon], {})],
        {},
      );
      const part = (i: number) =>
        net.sketch.node('Slice', [share], { axes: [0], starts: [i], ends: [i + 1], steps: [1] });
      const fused = net.add(
        net.mul(levels[level]!, part(0)),
        net.mul(net.up(levels[level + 1]!), part(1)),
      );
      const depthwise = net.conv(`${name}.conv.depthwise`, net.relu(fused), 8, 3, 1, 8);
      levels[level] = net.norm(
        `${name}.norm`,
        net.conv(`${name}.conv.pointwise`, depthwise, 8, 1, 1, 1, true),
      );
    }
  }
  const head = (kind: string, outputs: number) =>
    levels.map((feature, level) => {
      let y = feature;
      for (let i = 0; i < 2; i++) {
        y = net.conv(`${kind}.convs.${i}.depthwise`, y, 8, 3, 1, 8);
        y = net.conv(`${kind}.convs.${i}.pointwise`, y, 8, 1, 1, 1, true);
        y = net.relu(net.norm(`${kind}.norms.${level}.${i}`, y));
      }
      y = net.conv(`${kind}.predict.depthwise`, y, 8, 3, 1, 8);
      return net.conv(`${kind}.predict.pointwise`, y, outputs, 1, 1, 1, true);
    });
  return net.graph('detection', [...head('classes', 18), ...head('boxes', 36)]);
}

/** Names that Python does not allow, lists with gaps, padding on one side only, weights used in two ways. */
export function oddNetwork(): Graph {
  const net = new Net([3, 17, 19]);
  let x = net.relu(net.conv('0', image, 6));
  x = net.relu(net.norm('2.0', net.conv('features.1', x, 6, 3, 1, 3)));
  x = net.relu(net.conv('features.4', x, 6));
  x = net.conv('a layer/of:lambda.class', x, 6);
  const weight = net.weights('shared', [6, 6, 3, 3], 54);
  x = net.sketch.node('Conv', [x, weight], { ...sameConv, pads: [0, 0, 1, 1], strides: [2, 1] });
  x = net.sketch.node('Conv', [x, weight], { ...sameConv, pads: [2, 2, 2, 2], dilations: [2, 2] });
  x = net.sketch.node('MaxPool', [x], {
    kernel: [3, 3],
    strides: [2, 2],
    pads: [0, 0, 1, 1],
    dilations: [1, 1],
    ceilMode: false,
  });
  x = net.mul(x, net.sketch.weights('scale.value', [6, 1, 1], noise(6, 'scale')));
  return net.graph('1 odd-network', [net.linear('forward', net.pooled(x), 3), x]);
}

/** Sketch's name for its image. */
const image = 'image';
