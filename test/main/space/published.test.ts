/** Architectures of others, written down as spaces by the words of docs/spaces.md. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spaceAsked } from '../../../main/asked/space-asked.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { describedBy } from '../../../main/space/index.ts';
import { beyond, published } from '../../support/published-architectures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zico-published-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a published architecture is a network of its description', () => {
  it.each(published.map((one) => [one.description.name, one] as const))(
    '%s, to the parameter',
    (_name, { description, genotype, parameters, millionMacs, networks }) => {
      const space = describedBy(JSON.parse(JSON.stringify(description)));
      expect(space.count).toBe(networks);
      const network = space.parse(genotype);
      const counted = summarise(space.decode(network));
      expect(counted.parameters).toBe(parameters);
      expect(Math.abs(counted.macs / 1e6 - millionMacs)).toBeLessThan(0.5 + millionMacs / 1000);
      expect(space.counts(network)).toMatchObject({ parameters, macs: counted.macs });
      expect(space.parse(JSON.stringify(space.toJson(network)))).toBe(network);
      expect(space.at(space.indexOf(network))).toBe(network);
    },
  );
});

describe('what no description says is refused with its line', () => {
  it.each(beyond)('$name', async ({ description, at, says }) => {
    const file = path.join(folder, 'theirs.json');
    const text = JSON.stringify(description, null, 2);
    await writeFile(file, text);
    const word = at.split('.').at(-1)!;
    const line = text.split('\n').findLastIndex((one) => one.includes(`"${word}"`)) + 1;
    await expect(spaceAsked(file)).rejects.toMatchObject({
      code: 'space-invalid',
      message: expect.stringContaining(`${file}:${line}: ${at}: `) as string,
      hint: expect.stringMatching(says) as string,
    });
  });

  it('every fault with its own, and what is no JSON at all', async () => {
    const file = path.join(folder, 'theirs.json');
    const [first] = published;
    const broken = JSON.parse(JSON.stringify(first!.description)) as {
      classes: unknown;
      network: { head: object };
    };
    broken.classes = 0;
    broken.network.head = { kind: 'classifier', channels: 'many' };
    const text = JSON.stringify(broken, null, 1);
    await writeFile(file, text);
    const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split('\n').length;
    const message = await spaceAsked(file).then(String, (error: Error) => error.message);
    expect(message).toContain(`${file}:${lineOf('"classes"')}: classes: `);
    expect(message).toContain(`${file}:${lineOf('"many"')}: network.head.channels: "many"`);
    await writeFile(file, '{\n  "name": "mine",\n  "title": "Mine",,\n}\n');
    await expect(spaceAsked(file)).rejects.toThrow(`${file}:3: `);
  });
});
