import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeProcesses } from '../../../main/child/node-process.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { builtInSpaces, spaceNamed } from '../../../main/space/index.ts';
import { drawnNetwork, factsOf, sampleSize, sizesOf } from '../../../main/space/preview.ts';
import { SpacePreviews } from '../../../main/space/previews.ts';

const entry = path.join(import.meta.dirname, '../../../main/space/preview-child.ts');
const previews = new SpacePreviews(nodeProcesses, entry);
afterAll(() => previews.close());

const nats = spaceNamed('nats-sss');
const text = (changes: object = {}) => JSON.stringify({ ...nats.description, ...changes });

describe('a preview of a description', () => {
  it('tells what it describes', async () => {
    const { facts, sampled, faults } = await previews.check(text());
    expect(faults).toEqual([]);
    expect(sampled).toBe(1000);
    expect(facts).toEqual(factsOf(nats));
    expect(facts?.networks).toBe(32_768);
    expect(facts?.baselines[0]?.parameters).toBe(
      summarise(nats.decode(nats.at(32_767))).parameters,
    );
  });

  it('tells every fault with its place and what would be valid', async () => {
    const { facts, faults } = await previews.check(text({ classes: 0, task: 'guessing' }));
    expect(facts).toBeNull();
    expect(faults).toMatchObject([
      { path: 'task' },
      { path: 'classes', hint: 'Use a whole number, at least 1.' },
    ]);
    expect((await previews.check('{"name"')).faults).toMatchObject([{ path: '' }]);
  });

  it('measures a sample part by part, the same every time', async () => {
    const whole = await previews.sizes(text(), 0, 40);
    const parts = [await previews.sizes(text(), 0, 25), await previews.sizes(text(), 25, 15)];
    expect(parts.flatMap(({ macs }) => macs)).toEqual(whole.macs);
    expect(new Set(whole.parameters).size).toBeGreaterThan(30);
    expect((await previews.sizes(text(), 990, 40)).macs).toHaveLength(10);
  });

  it('measures every network of a small space, once', () => {
    const eight = { ...nats, networks: 8 };
    expect(sampleSize(eight)).toBe(8);
    const { macs } = sizesOf(eight, 0, 200);
    expect(macs).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => summarise(nats.decode(nats.at(i))).macs),
    );
  });

  it.each(builtInSpaces().map((space) => [space.name, space] as const))(
    'draws a network of %s whose parts add up',
    (_name, space) => {
      const drawn = drawnNetwork(space, 3);
      expect(drawnNetwork(space, 3)).toEqual(drawn);
      expect(drawnNetwork(space, 4).genotype).not.toBe(drawn.genotype);
      const { macs, layers } = summarise(space.decode(space.parse(drawn.genotype)));
      expect(drawn.parts.reduce((sum, part) => sum + part.macs, 0)).toBe(macs);
      expect(drawn.parts.length).toBeLessThan(layers.length);
    },
  );

  it('draws as many blocks as were chosen', () => {
    const space = spaceNamed('efficientnet');
    const drawn = drawnNetwork(space, 0);
    const { genes } = space.toJson(space.parse(drawn.genotype));
    const stages = drawn.parts.filter(({ part }) => part.startsWith('stage'));
    expect(stages).toHaveLength(7);
    expect(stages.map(({ blocks }) => blocks)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((stage) => genes[`stage${stage}.repeats`]),
    );
    expect(stages[3]).toMatchObject({ channels: genes['stage4.channels'], height: 14 });
    expect(stages[3]?.choices).toContain(`kernel ${genes['stage4.kernel']}`);
  });
});
