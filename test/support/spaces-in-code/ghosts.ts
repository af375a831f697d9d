/** Modules of GhostNet (Han et al., arXiv 1911.11907), which no description says, as a space of one's own. */
import type { NetworkBuilder, SpaceInCode } from '../../../main/library/index.ts';

type Net = { readonly widths: readonly number[]; readonly ratio: 2 | 4 };
const widths = [16, 32, 48, 64];
const read = (genotype: string): Net => {
  const [ratio, ...rest] = genotype.split('-').map(Number);
  return { ratio: ratio as Net['ratio'], widths: rest };
};
const write = ({ ratio, widths }: Net): string => [ratio, ...widths].join('-');

/** A share of the channels by a convolution, the others by a cheap one on these. */
function ghost(
  build: NetworkBuilder,
  name: string,
  x: string,
  from: number,
  to: number,
  ratio: number,
): string {
  const primary = to / ratio;
  const first = build.conv(`${name}.primary`, x, {
    inChannels: from,
    outChannels: primary,
    kernel: 1,
    padding: 0,
  });
  const main = build.relu(build.batchNormalization(`${name}.norm`, first, primary));
  const cheap = build.conv(`${name}.cheap`, main, {
    ...{ inChannels: primary, outChannels: to - primary, kernel: 3, group: primary },
  });
  return build.concat([
    main,
    build.relu(build.batchNormalization(`${name}.ghost`, cheap, to - primary)),
  ]);
}

export default {
  name: 'ghosts',
  classes: 10,
  resolution: { scoring: [32, 32] },
  sample: (random) =>
    write({
      ratio: random.pick([2, 4] as const),
      widths: [0, 1, 2].map(() => random.pick(widths)),
    }),
  mutate(genotype, random) {
    const net = read(genotype);
    const place = random.integer(3);
    return write({
      ...net,
      widths: net.widths.map((one, i) => (i === place ? random.pick(widths) : one)),
    });
  },
  crossover: (first, second, random) =>
    write({
      ratio: read(random.pick([first, second])).ratio,
      widths: read(first).widths.map((one, i) => random.pick([one, read(second).widths[i]!])),
    }),
  decode(genotype, build, { images, channels, classes }) {
    const { ratio, widths } = read(genotype);
    let [x, from] = [
      build.conv('stem', images, { inChannels: channels, outChannels: 16, kernel: 3, stride: 2 }),
      16,
    ];
    for (const [i, to] of widths.entries()) {
      x = ghost(build, `blocks.${i}`, x, from, to, ratio);
      from = to;
    }
    return build.linear('head', build.flatten(build.globalAveragePool(x)), from, classes);
  },
} satisfies SpaceInCode;
