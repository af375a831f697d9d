/**
 * HRNetV2 (Wang et al., TPAMI 2020): parallel branches, each of half the resolution of the one before, which
 * exchange their features after every module.
 */
import type { GraphBuilder } from '../../graph/builder.ts';
import { activate, convNorm, convNormAct, type Feature, type Style } from '../blocks/parts.ts';
import { basic, bottleneck } from '../blocks/residual.ts';

export interface HrnetOptions {
  readonly width: number;
  readonly bottlenecks: number;
  readonly modules: readonly number[];
  readonly blocks: number;
}

const plain = {
  kernel: 3,
  stride: 1,
  groupSize: 0,
  squeezeExcite: false,
  entering: false,
} as const;

/** Returns four features, of reductions 4, 8, 16 and 32. */
export function hrnet(
  net: GraphBuilder,
  style: Style,
  image: Feature,
  options: HrnetOptions,
): Feature[] {
  const { width, bottlenecks, modules, blocks } = options;
  const down = { outChannels: 64, kernel: 3, stride: 2 };
  let x = convNormAct(net, style, 'stem.1', convNormAct(net, style, 'stem.0', image, down), down);
  for (let i = 0; i < bottlenecks; i++) {
    x = bottleneck(net, style, `body.0.${i}`, x, { ...plain, channels: 256, expansion: 4 });
  }
  const branchWidth = (branch: number) => width * 2 ** branch;
  let branches: Feature[] = [
    convNormAct(net, style, 'transition.0.0', x, { outChannels: branchWidth(0), kernel: 3 }),
  ];
  modules.forEach((count, i) => {
    const from = i === 0 ? x : branches[branches.length - 1]!;
    const added = { outChannels: branchWidth(i + 1), kernel: 3, stride: 2 };
    branches = [...branches, convNormAct(net, style, `transition.${i}.${i + 1}`, from, added)];
    for (let module = 0; module < count; module++) {
      const name = `body.${i + 1}.${module}`;
      branches = fuse(net, style, name, deepen(net, style, name, branches, blocks));
    }
  });
  return branches;
}

function deepen(
  net: GraphBuilder,
  style: Style,
  name: string,
  branches: readonly Feature[],
  blocks: number,
): Feature[] {
  return branches.map((branch, b) => {
    let x = branch;
    for (let i = 0; i < blocks; i++) {
      const options = { ...plain, channels: x.channels, expansion: 1 };
      x = basic(net, style, `${name}.branch.${b}.${i}`, x, options);
    }
    return x;
  });
}

/** Every branch becomes the sum of all branches, resized to its own size. */
function fuse(
  net: GraphBuilder,
  style: Style,
  name: string,
  branches: readonly Feature[],
): Feature[] {
  return branches.map((target, t) => {
    let sum: string | null = null;
    for (const [s, source] of branches.entries()) {
      const part = bring(net, style, `${name}.fuse.${t}.${s}`, source, target);
      sum = sum === null ? part : net.add(sum, part);
    }
    return { ...target, value: activate(net, style.activation, sum as string) };
  });
}

/**
 * Coarser features take a 1x1 convolution and are enlarged; finer ones take a 3x3 convolution for every
 * halving.
 */
function bring(
  net: GraphBuilder,
  style: Style,
  name: string,
  source: Feature,
  target: Feature,
): string {
  if (source.reduction === target.reduction) return source.value;
  if (source.reduction > target.reduction) {
    const y = convNorm(net, style, name, source, { outChannels: target.channels, kernel: 1 });
    return net.enlarge(y.value, source.reduction / target.reduction, 'nearest');
  }
  let x = source;
  for (let i = 0; x.reduction < target.reduction; i++) {
    const last = x.reduction * 2 === target.reduction;
    const layer = { outChannels: last ? target.channels : x.channels, kernel: 3, stride: 2 };
    x = (last ? convNorm : convNormAct)(net, style, `${name}.${i}`, x, layer);
  }
  return x.value;
}
