/** U-Net (Ronneberger et al., arXiv 1505.04597), its depth and widths open: every level is concatenated again. */
import type { NetworkBuilder, SpaceInCode } from '../../../main/library/index.ts';

const widths = [8, 16, 32];
const depths = [2, 3, 4];

/** Two convolutions of 3 x 3. */
function double(build: NetworkBuilder, name: string, x: string, from: number, to: number): string {
  const once = (n: number, input: string, channels: number): string => {
    const sizes = { inChannels: channels, outChannels: to, kernel: 3 };
    const y = build.conv(`${name}.${n}`, input, sizes);
    return build.relu(build.batchNormalization(`${name}.norm${n}`, y, to));
  };
  return once(2, once(1, x, from), to);
}

const read = (genotype: string) => genotype.split('x').map(Number) as [number, number];

export default {
  name: 'u-nets',
  task: 'segmentation',
  classes: 19,
  resolution: { scoring: [64, 64], deployment: [128, 256] },
  sample: (random) => `${random.pick(depths)}x${random.pick(widths)}`,
  mutate(genotype, random) {
    const [depth, width] = read(genotype);
    return random.integer(2) === 0
      ? `${random.pick(depths)}x${width}`
      : `${depth}x${random.pick(widths)}`;
  },
  crossover: (first, second) => `${read(first)[0]}x${read(second)[1]}`,
  decode(genotype, build, { images, channels, classes }) {
    const [depth, width] = read(genotype);
    const levels: { value: string; channels: number }[] = [];
    let x = { value: images, channels };
    for (let level = 0; level <= depth; level += 1) {
      const to = width * 2 ** level;
      const input = level === 0 ? x.value : build.maxPool(x.value, 2, 2, 0);
      x = { value: double(build, `down${level}`, input, x.channels, to), channels: to };
      levels.push(x);
    }
    for (const [level, beside] of [...levels.entries()].toReversed().slice(1)) {
      const wide = build.concat([build.enlarge(x.value, 2, 'nearest'), beside.value]);
      const from = x.channels + beside.channels;
      const value = double(build, `up${level}`, wide, from, beside.channels);
      x = { value, channels: beside.channels };
    }
    return build.conv('head', x.value, {
      ...{ inChannels: x.channels, outChannels: classes, kernel: 1, padding: 0, bias: true },
    });
  },
  networks: depths.length * widths.length,
  at: (index) => `${depths[Math.floor(index / 3)]!}x${widths[index % 3]!}`,
  genes: [
    { name: 'depth', choices: depths },
    { name: 'width', choices: widths },
  ],
  values: read,
} satisfies SpaceInCode;
