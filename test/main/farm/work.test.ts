import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultPhoneSettings } from '../../../main/common/phone-settings.ts';
import { decisiveSettings, farmDigest, packWork, unpackWork } from '../../../main/farm/work.ts';
import type { BatchSet } from '../../../main/task/batches.ts';
import { work } from './farm-work.ts';

const packed = packWork(work);

describe('what a worker has to know', () => {
  it('comes out as it went in', () => {
    const { batches, space, settings } = unpackWork(packed, farmDigest(packed));
    expect(batches).toEqual(work.batches);
    expect(space.description).toEqual(work.space.description);
    expect(settings).toEqual(decisiveSettings(work.settings));
  });

  it('carries every setting that may decide a score', () => {
    const settings = {
      ...{
        ...work.settings,
        score: 'near' as never,
        termCap: 7,
        proxies: 'synflow',
        biasSize: 'scoring' as const,
      },
      ...{ seed: 99, weights: 'kaiming-normal-fan-out' as const },
    };
    expect(decisiveSettings({ ...settings, candidates: 5 })).toEqual({
      ...settings,
      candidates: work.settings.candidates,
    });
  });

  it('carries that networks have sizes of their own', () => {
    const one = packWork({ ...work, batches: { ...work.batches, severalSizes: true } });
    expect(unpackWork(one, farmDigest(one)).batches).toMatchObject({ severalSizes: true });
  });

  it('carries masks and boxes', () => {
    const images = { batchSize: 1, inputShape: [3, 2, 2] as const, classes: 5, description: 'd' };
    const inputs = new Float32Array(12).fill(0.5);
    const sets: BatchSet[] = [
      {
        ...images,
        task: 'segmentation',
        maskShape: [2, 2],
        batches: [{ inputs, targets: Uint8Array.from([0, 1, 4, 255]) }],
      },
      {
        ...{ ...images, task: 'detection', sharedAnchor: 'last' },
        batches: [
          {
            inputs,
            targets: [{ boxes: Float32Array.from([0, 0, 1, 1]), classes: Int32Array.from([4]) }],
          },
          { inputs, targets: [{ boxes: new Float32Array(), classes: new Int32Array() }] },
        ],
      },
    ];
    for (const batches of sets) {
      const one = packWork({ ...work, batches });
      expect(unpackWork(one, farmDigest(one)).batches).toEqual(batches);
    }
  });

  it('names no path, no command and no budget', () => {
    const command = { template: 'rm {model}', pattern: 'x' } as never;
    const settings = {
      ...{ ...work.settings, data: '/home/somebody/images', candidates: 77 },
      phone: { ...defaultPhoneSettings, serials: ['R58'], command },
    };
    const text = packWork({ ...work, settings }).toString('latin1');
    for (const word of ['somebody', 'rm {model}', 'R58']) expect(text).not.toContain(word);
    expect(farmDigest(packWork({ ...work, settings }))).toBe(
      farmDigest(packWork({ ...work, settings: { ...settings, candidates: 78 } })),
    );
  });

  it('is refused where one byte is another', () => {
    const digest = farmDigest(packed);
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(packed);
        damaged[at]! ^= change;
        expect(() => unpackWork(damaged, digest)).toThrow('digest does not agree');
      }),
      { numRuns: 100 },
    );
  });

  it('is refused by name where its digest is right and its content is not', () => {
    const headEnd = packed.indexOf('}]}') + 3;
    const made: Buffer[] = [
      Buffer.alloc(0),
      Buffer.from('ZICOFARM1'),
      packed.subarray(0, packed.length - 1),
      Buffer.concat([packed, Buffer.from([0])]),
      Buffer.concat([
        packed.subarray(0, headEnd - 40),
        Buffer.alloc(40, 32),
        packed.subarray(headEnd),
      ]),
    ];
    const classes = Buffer.from(packed);
    classes.writeInt32LE(10, packed.length - 4);
    for (const one of [...made, classes]) {
      expect(() => unpackWork(one, farmDigest(one))).toThrow(
        expect.objectContaining({ code: 'farm-foreign-data' }) as Error,
      );
    }
  });
});
