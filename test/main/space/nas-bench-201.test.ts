import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { architectureOf } from '../../../main/analysis/architecture.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { spaceNamed } from '../../../main/space/index.ts';

const space = spaceNamed('nas-bench-201');

interface Row {
  readonly arch: string;
  readonly parameters: number;
  readonly macs: number;
}

const file = path.join(
  import.meta.dirname,
  '../../../main/assets/nas-bench-201-table/validation-accuracy-200-epochs.csv',
);
const rows: readonly Row[] = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const cells = line.split(',');
    return { arch: cells[1]!, parameters: Number(cells[5]), macs: Number(cells[6]) };
  });

describe('the topology space of NAS-Bench-201', () => {
  it('has every cell of the table once, by the name that the table gives it', () => {
    expect(space.networks).toBe(15_625);
    expect(rows).toHaveLength(15_625);
    const places = new Set(rows.map(({ arch }) => space.indexOf(space.parse(arch))));
    expect(places.size).toBe(15_625);
    expect(rows.every(({ arch }) => space.at(space.indexOf(space.parse(arch))) === arch)).toBe(
      true,
    );
  });

  it('counts parameters and multiply-adds of all cells as the table does', () => {
    const wrong = rows.filter(({ arch, parameters, macs }) => {
      const counts = space.counts(space.parse(arch));
      // The table counts a bias as one more input of the classifier.
      return counts.parameters !== parameters || counts.macs + 10 !== macs;
    });
    expect(wrong).toEqual([]);
  });

  it('builds graphs that count the same, dead ends and disconnected cells among them', () => {
    const some = [
      ...rows.filter((_, i) => i % 250 === 0),
      ...['none', 'skip_connect', 'avg_pool_3x3', 'nor_conv_3x3'].map((operation) => {
        const arch = space.parse(Array.from({ length: 6 }, () => operation).join(':'));
        return rows.find((row) => row.arch === arch)!;
      }),
    ];
    for (const { arch, parameters } of some) {
      const genotype = space.parse(arch);
      const summary = summarise(space.decode(genotype));
      const counts = space.counts(genotype);
      expect([arch, summary.parameters, summary.macs]).toEqual([arch, parameters, counts.macs]);
    }
  });

  it('reads operations without the nodes, and writes JSON that it reads again', () => {
    const genotype = space.parse('none:skip_connect:none:nor_conv_1x1:none:avg_pool_3x3');
    expect(genotype).toBe(
      '|none~0|+|skip_connect~0|none~1|+|nor_conv_1x1~0|none~1|avg_pool_3x3~2|',
    );
    expect(space.parse(JSON.stringify(space.toJson(genotype)))).toBe(genotype);
    for (const wrong of [
      '|none~0|+|skip_connect~0|none~1|+|nor_conv_1x1~0|none~1|avg_pool_3x3~1|',
      '|sep_conv~0|+|skip_connect~0|none~1|+|nor_conv_1x1~0|none~1|avg_pool_3x3~2|',
      'none:none',
    ]) {
      expect(() => space.parse(wrong)).toThrow(
        expect.objectContaining({ code: 'genotype-outside-space' }),
      );
    }
  });

  it('draws a convolution that leads nowhere as a dead end, and a node that nothing reaches as zero', () => {
    // Node 1 gets a convolution and hands nothing on; node 2 gets nothing and leads to the output by a pool.
    const genotype = space.parse('nor_conv_3x3:none:none:skip_connect:none:avg_pool_3x3');
    const boxes = architectureOf(space.decode(genotype));
    const dead = boxes.filter(({ leadsNowhere }) => leadsNowhere);
    expect(dead.map(({ title }) => title)).toContain('conv 3×3');
    expect(dead.every(({ id }) => id.includes('edge01') || id.startsWith('relu'))).toBe(true);
    expect(boxes.filter(({ title }) => title === 'zero')).toHaveLength(15);
    const connected = architectureOf(space.decode(space.baselines[0]!.genotype!));
    expect(connected.some(({ leadsNowhere }) => leadsNowhere)).toBe(false);
  });
});
