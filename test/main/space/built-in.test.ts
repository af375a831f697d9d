import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatorFor } from '../../../main/random.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { builtInSpaces, describedBy, spaceNamed, spaceOfRun } from '../../../main/space/index.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { descriptions } from '../../golden/spaces-0.1.ts';
import { processorMs } from '../../support/processor-time.ts';

const baseline = (space: string, name: string) => {
  const found = spaceNamed(space).baselines.find((one) => one.name === name);
  if (!found) throw new Error(`no baseline ${name}`);
  return summarise(found.decode());
};

describe('the published networks', () => {
  it.each([
    ['ffnet', 'FFNet-78S-BBB-mobile', 27_491_059, 96.04e9],
    ['ffnet', 'FFNet-86S-BBB-mobile', 26_607_347, 104.42e9],
    ['ffnet', 'FFNet-54S-BBB-mobile', 18_044_659, 75.69e9],
    ['ffnet', 'FFNet-40S-BBB-mobile', 13_911_283, 62.37e9],
    ['ffnet', 'FFNet-150S-BBB-mobile', 48_010_483, 160.21e9],
    ['ffnet-48', 'FFNet-150S-BBB-mobile', 48_010_483, 160.21e9],
    ['segmentation-macro', 'FFNet-78S-BBB-mobile', 27_491_059, 96.04e9],
  ])('%s: %s', (space, name, parameters, macs) => {
    const counted = baseline(space, name);
    expect(counted.parameters).toBe(parameters);
    expect(Math.abs(counted.macs / macs - 1)).toBeLessThan(0.001);
  });

  it('HRNetV2-W18-Small-v2', () => {
    const { parameters, macs } = baseline('segmentation-macro', 'HRNetV2-W18-Small-v2');
    expect(Math.abs(parameters / 3.94e6 - 1)).toBeLessThan(0.005);
    expect(Math.abs(macs / 76.86e9 - 1)).toBeLessThan(0.005);
  });

  it('EfficientNet-B0 and EfficientDet-D0, to the last parameter of their public PyTorch versions', () => {
    expect(baseline('efficientnet', 'EfficientNet-B0').parameters).toBe(5_288_548);
    expect(baseline('efficientnet', 'EfficientNet-B0').macs / 0.386e9).toBeCloseTo(1, 2);
    const detector = baseline('efficientdet-d0', 'EfficientDet-D0');
    expect(detector.parameters).toBe(3_880_067);
    expect(Math.abs(detector.macs / 2.49e9 - 1)).toBeLessThan(0.01);
  });

  it('all of FFNet lie in ffnet, which has 924 million networks; 0.1 had 44 million', () => {
    const space = spaceNamed('ffnet');
    expect(space.networks).toBe(924_168_960);
    expect(space.baselines.every(({ genotype }) => genotype !== null)).toBe(true);
    expect(space.baselines[0]!.genotype).toBe(
      '64:regular:6/128:regular:12/192:regular:12/320:regular:8',
    );
    expect(spaceNamed('ffnet-48').networks).toBe(44_044_000);
  });

  it('of 74 blocks ffnet has one as large as the paper’s ZiCo-BC model', () => {
    const space = spaceNamed('ffnet');
    const { genotype } = space.baselines.find(({ name }) => name.includes('74-block'))!;
    const { parameters, macs } = space.counts(genotype!);
    expect(space.depth!.of(genotype!)).toBe(74);
    expect(Math.abs(parameters / 23.28e6 - 1)).toBeLessThan(0.001);
    expect(Math.abs(macs / 79.85e9 - 1)).toBeLessThan(0.001);
  });

  it.each(['efficientnet', 'efficientdet-d0'])('B0 lies in %s', (name) => {
    const { genotype } = spaceNamed(name).baselines[0]!;
    const network = spaceNamed(`${name}-wide`).baselines[0]!;
    const { parameters, macs } = spaceNamed(name).counts(genotype!);
    expect(summarise(network.decode())).toMatchObject({ parameters, macs });
  });

  it('efficientnet lies around B0: its median is below 1 GMAC', () => {
    const space = spaceNamed('efficientnet');
    const random = generatorFor('median');
    const macs = Array.from({ length: 301 }, () => space.counts(space.sample(random)).macs);
    expect(macs.sort((a, b) => a - b)[150]).toBeLessThan(1e9);
  });
});

describe('spaces that have other networks than in 0.1', () => {
  it.each([
    ['ffnet', 'ffnet-48'],
    ['efficientnet', 'efficientnet-wide'],
    ['efficientdet-d0', 'efficientdet-d0-wide'],
  ])('%s of 0.1 is %s, unchanged', (name, today) => {
    const stored = descriptions.find((one) => one.name === name);
    const former = describedBy(stored);
    const { description } = spaceNamed(today);
    expect({ ...description, name, title: former.title }).toEqual(former.description);
    expect(spaceNamed(name).description.network).not.toEqual(former.description.network);
    // A run that carries no description is older than descriptions.
    expect(spaceOfRun({ settings: { space: name } }).name).toBe(today);
    expect(spaceOfRun({ space: stored!, settings: { space: name } }).name).toBe(name);
  });
});

describe.each(builtInSpaces().map((space) => [space.name, space] as const))(
  '%s',
  (_name, space) => {
    const networks = fc.nat().map((seed) => space.sample(generatorFor('network', seed)));
    const seeds = fc.nat().map((seed) => generatorFor('operator', seed));
    const inside = (genotype: Genotype) =>
      space.parse(genotype) === genotype && space.at(space.indexOf(genotype)) === genotype;

    it('samples, mutates and crosses over without ever leaving itself', () => {
      fc.assert(
        fc.property(networks, networks, seeds, (first, second, random) => {
          const mutant = space.mutate(first, random);
          expect(mutant).not.toBe(first);
          expect([first, mutant, space.crossover(first, second, random)].every(inside)).toBe(true);
        }),
      );
    });

    it('has neighbours that lie inside and differ', () => {
      fc.assert(
        fc.property(networks, (genotype) => {
          const near = space.neighbours(genotype);
          expect(near.every((one) => one !== genotype && inside(one))).toBe(true);
          expect(near.length).toBeGreaterThan(0);
        }),
        { numRuns: 20 },
      );
    });

    it('writes genotypes as JSON and reads them back', () => {
      fc.assert(
        fc.property(networks, (genotype) => {
          expect(space.parse(JSON.stringify(space.toJson(genotype)))).toBe(genotype);
        }),
      );
    });

    it('decodes to networks whose shapes fit, for scoring and for deployment', () => {
      fc.assert(
        fc.property(networks, (genotype) => {
          const small = summarise(space.decode(genotype, 'scoring'));
          const large = summarise(space.decode(genotype));
          expect(small.parameters).toBe(large.parameters);
          expect(small.macs).toBeLessThanOrEqual(large.macs);
        }),
        { numRuns: 10 },
      );
    });

    it('decodes and counts quickly, so that thousands can be drawn', () => {
      const random = generatorFor('speed');
      const times = Array.from({ length: 60 }, () => {
        const genotype = space.sample(random);
        return processorMs(() => summarise(space.decode(genotype)));
      });
      // Some 2 ms on an idle computer.
      expect(times.sort((a, b) => a - b)[30]).toBeLessThan(100);
    });

    it('refuses a genotype of another space by name', () => {
      const other = spaceNamed(space.name === 'nats-sss' ? 'nas-bench-201' : 'nats-sss');
      const foreign = other.sample(generatorFor('foreign'));
      const refused = {
        code: 'genotype-outside-space',
        message: expect.stringContaining(
          `is a genotype of the space ${other.name}, not of ${space.name}`,
        ) as string,
      };
      expect(() => space.parse(foreign)).toThrow(expect.objectContaining(refused));
      const json = JSON.stringify(other.toJson(foreign));
      expect(() => space.parse(json)).toThrow(expect.objectContaining(refused));
    });
  },
);
