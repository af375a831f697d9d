/**
 * `npm run bench -- resolutions [SIDE] [NETWORKS]`: what scores say of networks for images of different sizes.
 * MobileNetV2, whose authors published the accuracy of 22 of its width multipliers and resolutions: Kendall's tau of
 * ZiCo and ZiCo-BC, by both presets, with those. Then NETWORKS random ones of `ofa-mobilenetv3`, each at four
 * resolutions: how far its score moves, and whether the order of the networks stays. Scored at SIDE x SIDE where they
 * are deployed at 224, at less in the same ratio below that.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kendallTauB } from '../../main/common/rank-correlation.ts';
import { score } from '../../main/library/index.ts';
import { generatorFor } from '../../main/random.ts';
import { describedBy, spaceNamed } from '../../main/space/index.ts';
import { mobileNetV2, mobileNetV2Accuracies } from '../support/mobilenet-v2.ts';

const side = Number(process.argv[2] ?? '224');
const count = Number(process.argv[3] ?? '24');
const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-resolutions-'));
const presets = ['robust', 'paper'] as const;
type Preset = (typeof presets)[number];

/** What ranks by each preset, without and with the correction. */
async function scored(genotype: string, space: string, preset: Preset) {
  const found = await score(genotype, { space, preset, seed: 0 });
  const capped = preset === 'robust';
  const { zico, zicoCapped, zicoBc, zicoBcCapped } = found;
  return { ZiCo: capped ? zicoCapped : zico, 'ZiCo-BC': capped ? zicoBcCapped : zicoBc };
}
type Scored = Awaited<ReturnType<typeof scored>>;
type Counted = Readonly<Record<'parameters' | 'macs', number>>;
type Figure = keyof Scored | keyof Counted;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const tau = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '-');

/** One row a published network. */
async function published(preset: Preset) {
  const rows: (Scored & Counted & { width: number; resolution: number; accuracy: number })[] = [];
  for (const [width, accuracies] of mobileNetV2Accuracies) {
    const file = path.join(folder, `mobilenet-v2-${width}.json`);
    const resolutions = [...accuracies.keys()];
    const description = mobileNetV2(width, resolutions, side);
    writeFileSync(file, JSON.stringify(description));
    const space = describedBy(description);
    for (const [resolution, accuracy] of accuracies) {
      const genotype = resolutions.length > 1 ? `${resolution}` : '';
      const { parameters, macs } = space.counts(space.parse(genotype));
      const figures = { ...(await scored(genotype, file, preset)), parameters, macs };
      rows.push({ ...figures, width, resolution, accuracy });
    }
  }
  return rows;
}

for (const preset of presets) {
  const rows = await published(preset);
  console.log(`\nMobileNetV2, ${preset}, scored at ${side} where deployed at 224:`);
  for (const { width, resolution, accuracy, macs, ...one } of rows) {
    const scores = `ZiCo ${one.ZiCo.toFixed(1)}, ZiCo-BC ${one['ZiCo-BC'].toFixed(1)}`;
    console.log(`  ${width} ${resolution}: ${accuracy} %, ${(macs / 1e6).toFixed(0)} M, ${scores}`);
  }
  for (const figure of ['ZiCo', 'ZiCo-BC', 'parameters', 'macs'] as const satisfies Figure[]) {
    const agreement = (some: typeof rows): number =>
      kendallTauB(
        some.map((one) => one[figure]),
        some.map(({ accuracy }) => accuracy),
      );
    /** The mean over groups of at least four networks. */
    const within = (by: 'width' | 'resolution'): number => {
      const groups = [...new Set(rows.map((one) => one[by]))].map((value) =>
        rows.filter((one) => one[by] === value),
      );
      return mean(groups.filter(({ length }) => length > 3).map(agreement));
    };
    console.log(
      `  ${figure}: tau with accuracy ${tau(within('resolution'))} among widths at one resolution, ` +
        `${tau(within('width'))} among resolutions of one width, ${tau(agreement(rows))} over all`,
    );
  }
}

const name = 'ofa-mobilenetv3';
const resolutions = [128, 160, 192, 224];
const ofa = spaceNamed(name);
const random = generatorFor('resolutions', name);
const networks = Array.from({ length: count }, () => ofa.toJson(ofa.sample(random)));
const description = ofa.description as object as { resolution: object };
const scaled = path.join(folder, 'ofa.json');
const resolution = { ...description.resolution, scoring: [side, side] };
writeFileSync(scaled, JSON.stringify({ ...description, resolution }));
for (const preset of presets) {
  const columns: Scored[][] = [];
  for (const size of resolutions) {
    const column: Scored[] = [];
    for (const { space, genes } of networks) {
      const genotype = JSON.stringify({ space, genes: { ...genes, resolution: size } });
      column.push(await scored(genotype, scaled, preset));
    }
    columns.push(column);
  }
  for (const figure of ['ZiCo', 'ZiCo-BC'] as const) {
    const values = columns.map((column) => column.map((one) => one[figure]));
    const last = values.at(-1)!;
    const spread = Math.max(...last) - Math.min(...last);
    const moves = values.map((column, i) => {
      const away = mean(column.map((value, n) => value - last[n]!));
      return `${resolutions[i]}: ${away.toFixed(1)} (tau ${tau(kendallTauB(column, last))})`;
    });
    console.log(
      `\n${name}, ${count} networks, ${preset}, ${figure}: from its value at 224, ${moves.join(', ')}; ` +
        `the networks themselves differ by ${spread.toFixed(1)} at 224`,
    );
  }
}
rmSync(folder, { recursive: true });
