import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSpaceInCode } from '../../../main/space-code/open.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { assertNoFarmForCode, keptNetwork } from '../../../main/workbench/code-spaces.ts';
import { attentionCode, writeCode } from '../../support/attention-space.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-code-spaces-'));
const space = await openSpaceInCode(writeCode(folder, 'attention.mjs', attentionCode));
afterAll(() => {
  space.close?.();
  rmSync(folder, { recursive: true });
});

describe('a space in code', () => {
  it('is refused by a farm, by its name, and no other space is', () => {
    const farm = { access: { url: 'redis://x' }, only: false, any: false } as never;
    expect(() => assertNoFarmForCode(space, { farm })).toThrowError(
      expect.objectContaining({
        code: 'farm-space-in-code',
        message: expect.stringContaining('attention is a space in code (attention.mjs)') as string,
      }),
    );
    expect(() => assertNoFarmForCode(space, {})).not.toThrow();
    expect(() => assertNoFarmForCode(spaceNamed('nats-sss'), { farm })).not.toThrow();
  });

  it('has its networks kept, and no other space has', () => {
    const genotype = space.at(5);
    expect(keptNetwork(space, genotype).genes).toEqual(space.values(genotype));
    const described = spaceNamed('nats-sss');
    expect(keptNetwork(described, described.at(0))).toEqual({});
  });
});
