import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatorFor } from '../../../main/random.ts';
import { summarise } from '../../../main/graph/summary.ts';
import type { DescribedSpace } from '../../../main/space/described-space.ts';
import { SpaceCode } from '../../../main/space-code/caller.ts';
import { openSpaceInCode } from '../../../main/space-code/open.ts';
import { attentionCode, writeCode } from '../../support/attention-space.ts';

const root = path.join(import.meta.dirname, '../../..');
let folder: string;
let space: DescribedSpace;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'zico-space-code-'));
  space = await openSpaceInCode(writeCode(folder, 'attention.mjs', attentionCode));
});
afterAll(() => {
  space.close?.();
  rmSync(folder, { recursive: true });
});

/** The smallest space, with some of it replaced. */
const small = (changes = '') => `const whole = {
  name: 'small', classes: 10, resolution: { scoring: [8, 8] },
  sample: (random) => String(8 * (1 + random.integer(4))),
  mutate: (genotype, random) => String(8 * (1 + random.integer(4))),
  crossover: (first, second, random) => random.pick([first, second]),
  decode(genotype, build, { images, channels, classes }) {
    const width = Number(genotype);
    const x = build.conv('stem', images, { inChannels: channels, outChannels: width, kernel: 3 });
    const y = build.relu(build.batchNormalization('norm', x, width));
    return build.linear('head', build.flatten(build.globalAveragePool(y)), width, classes);
  },
  ${changes}
};
export default whole;
`;
const opened = (code: string, name = 'mine.mjs') => openSpaceInCode(writeCode(folder, name, code));

describe('a space in code', () => {
  it('is what the code says of itself', () => {
    expect(space).toMatchObject({
      ...{ name: 'attention', task: 'classification', classes: 10, networks: 9324, count: 9324n },
      ...{ scoringShape: [3, 32, 32], inputShape: [3, 32, 32] },
    });
    expect(space.genes.map(({ name }) => name).slice(0, 4)).toEqual([
      ...['patch', 'width', 'blocks', 'block1.heads'],
    ]);
    expect(space.description).toMatchObject({ code: { file: 'attention.mjs' } });
  });

  it('numbers every network once', () => {
    const all = Array.from({ length: 9324 }, (_, i) => space.at(i));
    expect(new Set(all).size).toBe(9324);
  });

  it('draws, changes and crosses networks as the seed says', () => {
    const draw = (seed: number) => {
      const random = generatorFor('test', seed);
      const [first, second] = [space.sample(random), space.sample(random)];
      return [first, second, space.mutate(first, random), space.crossover(first, second, random)];
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    for (let seed = 0; seed < 20; seed += 1) {
      const [first, , mutated] = draw(seed);
      expect(mutated).not.toBe(first);
    }
    expect(space.neighbours(space.at(7)).length).toBeGreaterThan(3);
  });

  it('counts a network of attention as it should be', () => {
    const genotype = space.parse('4/64/2.1');
    const { parameters, macs } = summarise(space.decode(genotype));
    const [tokens, width] = [64, 64];
    const block = 4 * (width * width + width) + 2 * (width * width + width) + 4 * width;
    const patches = 4 * 4 * 3 * width;
    expect(parameters).toBe(patches + block + 2 * width + (width + 1) * 10);
    const products = 2 * tokens * tokens * width;
    expect(macs).toBe(tokens * (patches + 6 * width * width) + products + width * 10);
    expect(space.counts(genotype)).toMatchObject({ parameters, macs });
    expect(space.values(genotype)).toEqual([4, 64, 1, 2, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('lets a command end, and what it prints go beside the result', async () => {
    const loud = writeCode(folder, 'loud.mjs', `console.log('aside');\n${attentionCode}`);
    const command = [path.join(root, 'main/cli.ts'), 'sample', loud, '--count', '2', '--json'];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, {
      timeout: 60_000,
    });
    expect(JSON.parse(stdout)).toBeTruthy();
    expect(stderr).toContain('aside');
  }, 60_000);

  it('knows what is no network of it', () => {
    expect(() => space.parse('nonsense')).toThrowError(
      expect.objectContaining({ code: 'genotype-outside-space' }),
    );
  });

  it('is read where it is TypeScript or CommonJS', async () => {
    const typed = small().replace('(random) =>', '(random: { integer(below: number): number }) =>');
    const read = await opened(`type Width = number;\n${typed}`, 'mine.ts');
    expect(read.description).toMatchObject({ code: { file: 'mine.ts' } });
    expect(read.counts(read.parse('8')).parameters).toBe(8 * 27 + 2 * 8 + 9 * 10);
    read.close?.();
    const older = small().replace('export default whole', 'module.exports = whole');
    const common = await opened(older, 'mine.cjs');
    expect(common.name).toBe('small');
    common.close?.();
  });

  it('builds what no description says: a ghost module, a U-Net', async () => {
    const fixtures = path.join(root, 'test/support/spaces-in-code');
    const ghosts = await openSpaceInCode(path.join(fixtures, 'ghosts.ts'));
    // Of 16 channels 32: 8 by a convolution, 24 by a cheap one on these; two norms.
    const ghost = (from: number, to: number, ratio: number) =>
      (from * to) / ratio + (to - to / ratio) * 9 + 2 * to;
    const { parameters } = ghosts.counts(ghosts.parse('4-32-16-64'));
    const blocks = ghost(16, 32, 4) + ghost(32, 16, 4) + ghost(16, 64, 4);
    expect(parameters).toBe(16 * 27 + blocks + 65 * 10);
    ghosts.close?.();
    const nets = await openSpaceInCode(path.join(fixtures, 'u-nets.ts'));
    const pair = (from: number, to: number) => 9 * to * (from + to) + 4 * to;
    const down = pair(3, 8) + pair(8, 16) + pair(16, 32);
    expect(nets.counts(nets.parse('2x8')).parameters).toBe(
      down + pair(32 + 16, 16) + pair(16 + 8, 8) + 19 * 9,
    );
    const { nodes, outputs } = nets.decode(nets.parse('4x8'));
    expect(nodes.filter(({ kind }) => kind === 'Concat')).toHaveLength(4);
    expect(outputs).toEqual([nodes.at(-1)!.outputs[0]]);
    nets.close?.();
  });

  it('is counted exactly beyond 2^53, and gone through by no inexact number', async () => {
    const many = await opened(small("networks: 3n ** 40n, at() { throw new Error('asked'); },"));
    expect(many.count).toBe(3n ** 40n);
    expect(many.description).toMatchObject({ networks: String(3n ** 40n) });
    expect(many.networks).toBeGreaterThan(1e300);
    expect(many.parse(many.at(3n ** 40n - 1n))).toMatch(/^(8|16|24|32)$/);
    many.close?.();
  });

  it('needs neither numbers nor genes', async () => {
    const plain = await opened(small());
    expect(plain.count).toBeNull();
    expect(plain.genes).toEqual([]);
    expect(plain.networks).toBeGreaterThan(1e300);
    plain.close?.();
  });
});

describe('code that is at fault', () => {
  it.each([
    ['exports nothing', 'export const a = 1;', 'space-code-failed', 'no default export'],
    ['is no code', 'export default {', 'space-code-failed', 'loading it threw'],
    ['lacks a function', 'export default { name: "x" };', 'space-code-invalid', 'function sample'],
    ['has a name that is none', small("name: 'Not A Name',"), 'space-code-invalid', 'name: '],
    ['has odd sizes', small('resolution: { scoring: [8] },'), 'space-code-invalid', 'resolution'],
    [
      'has genes without values',
      small('genes: [{ name: "a", choices: [1] }],'),
      'space-code-invalid',
      'values',
    ],
    ['samples no text', small('sample: () => 7,'), 'space-code-invalid', 'sample returned no text'],
    [
      'throws',
      small("decode() { throw new Error('out of ideas'); },"),
      'space-code-failed',
      'out of ideas',
    ],
    ['decodes to nothing', small('decode: () => 5,'), 'space-code-failed', 'name of an output'],
    [
      'decodes differently twice',
      `let n = 8;\n${small(`decode(genotype, build, { images, channels, classes }) {
        const width = (n += 8);
        const x = build.conv('stem', images, { inChannels: channels, outChannels: width, kernel: 3 });
        return build.linear('head', build.flatten(build.globalAveragePool(x)), width, classes);
      },`)}`,
      'space-code-unsteady',
      'differently each time',
    ],
    [
      'does not fit together',
      small(`decode: (genotype, build, { images }) =>
        build.linear('head', build.flatten(images), 7, 10),`),
      'shape-mismatch',
      '',
    ],
  ])('is told when it %s', async (_what, code, expected, said) => {
    await expect(opened(code)).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining(said) as string,
    });
  });

  it('is told with its line', async () => {
    await expect(opened(`\n\n${small('sample() { return undefined.x; },')}`)).rejects.toMatchObject(
      {
        message: expect.stringMatching(/line \d+/) as string,
      },
    );
  });

  it.each([
    ['broken.mjs', small('classes: 10,,'), /"Unexpected token ','" in line 12\./],
    ['broken.ts', small('classes: 10,,'), / in line 12\./],
    ['typed.ts', `${small()}enum A { B }\n`, /enum .* in line 15\./],
  ])('is told with its line where Node cannot read it: %s', async (name, code, message) => {
    await expect(opened(code, name)).rejects.toMatchObject({
      ...{ code: 'space-code-failed', message: expect.stringMatching(message) as string },
    });
  });

  it('is told how to be named where Node takes it for an older module', async () => {
    const package_ = mkdtempSync(path.join(folder, 'package-'));
    writeCode(package_, 'package.json', '{ "type": "commonjs" }');
    await expect(openSpaceInCode(writeCode(package_, 'mine.js', small()))).rejects.toMatchObject({
      message: expect.stringContaining('mine.js failed: loading it threw') as string,
      hint: expect.stringContaining('name it .mjs') as string,
    });
  });

  it('is stopped when it never returns, when loading as well', () => {
    const endless = small('sample() { for (;;); },');
    const code = new SpaceCode(writeCode(folder, 'endless.mjs', endless), 2000);
    expect(() => code.call({ what: 'sample', seed: 1 })).toThrowError(
      expect.objectContaining({ code: 'space-code-timeout' }),
    );
    // The thread was ended; another one answers.
    const call = { what: 'crossover', first: '8', second: '8', seed: 1 } as const;
    expect(code.call(call)).toBe('8');
    code.close();
    const never = new SpaceCode(writeCode(folder, 'never.mjs', 'for (;;);'), 300);
    expect(() => never.call({ what: 'load' })).toThrowError(/did not answer within 0.3 s: loading/);
  });

  it('is waited for though the notice of the answer before comes late', () => {
    // As a thread that is interrupted between storing an answer and giving notice of it.
    const late = small(`sample() {
      const { ready } = process.getBuiltinModule('node:worker_threads').workerData;
      const until = performance.now() + 300;
      while (performance.now() < until) Atomics.notify(ready, 0);
      return '8';
    },`);
    const code = new SpaceCode(writeCode(folder, 'late.mjs', late));
    expect(code.call({ what: 'sample', seed: 1 })).toBe('8');
    code.close();
  });

  it('cannot end the program', () => {
    const quitting = writeCode(folder, 'quitting.mjs', small('sample() { process.exit(3); },'));
    const code = new SpaceCode(quitting, 300);
    expect(() => code.call({ what: 'sample', seed: 1 })).toThrowError(
      expect.objectContaining({ code: 'space-code-timeout' }),
    );
    code.close();
  });
});
