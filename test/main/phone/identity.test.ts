import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf } from '../../../main/phone/clusters.ts';
import { parseIdentity } from '../../../main/phone/identity.ts';

const exynos = [1950, 1950, 1950, 1950, 2314, 2314, 2730, 2730];
const snapdragon = [1785.6, 1785.6, 1785.6, 1785.6, 2419.2, 2419.2, 2419.2, 2841.6];
const cores = (mhz: readonly number[]) =>
  mhz.map((one, core) => `@core ${core} ${one * 1000}`).join('\n');

describe('what a phone says it is', () => {
  it('names model, chip and Android, and the clusters of its cores', () => {
    const text = `[ro.board.platform]: [universal9820]
[ro.build.version.release]: [12]
[ro.build.version.sdk]: [31]
[ro.product.cpu.abi]: [arm64-v8a]
[ro.product.model]: [SM-G973F]
[ro.serialno]: [R58M000001]
[persist.sys.locale]: []
${cores(exynos)}
`;
    expect(parseIdentity(text)).toEqual({
      serialNumber: 'R58M000001',
      model: 'SM-G973F',
      chip: 'Exynos 9820',
      android: '12',
      sdk: 31,
      abi: 'arm64-v8a',
      clusters: [
        { cores: [0, 1, 2, 3], maxKHz: 1_950_000, mask: 0x0f },
        { cores: [4, 5], maxKHz: 2_314_000, mask: 0x30 },
        { cores: [6, 7], maxKHz: 2_730_000, mask: 0xc0 },
      ],
    });
    const masks = parseIdentity(cores(snapdragon)).clusters.map(({ mask }) => mask);
    expect(masks).toEqual([0x0f, 0x70, 0x80]);
  });

  it('leaves null what it does not say, and keeps the name of a chip it does not know', () => {
    expect(parseIdentity('[ro.board.platform]: [gs201]\n@core 0 \n')).toEqual({
      serialNumber: null,
      model: null,
      chip: 'gs201',
      android: null,
      sdk: null,
      abi: null,
      clusters: [],
    });
  });

  it('has every core in one cluster, the clusters apart and slowest first', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.nat(40).map(String), fc.constantFrom(1e6, 2e6, 3e6), { maxKeys: 41 }),
        (speeds) => {
          const maxKHz = new Map(Object.entries(speeds).map(([core, khz]) => [Number(core), khz]));
          const clusters = clustersOf(maxKHz);
          const all = clusters.flatMap((one) => one.cores);
          expect([...all].sort((a, b) => a - b)).toEqual([...maxKHz.keys()].sort((a, b) => a - b));
          for (const { cores: members, maxKHz: khz, mask } of clusters) {
            expect(members.every((core) => maxKHz.get(core) === khz)).toBe(true);
            expect(mask).toBe(members.reduce((sum, core) => sum + 2 ** core, 0));
          }
          const order = clusters.map((one) => one.maxKHz);
          expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
        },
      ),
    );
  });
});
