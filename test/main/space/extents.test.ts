import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatorFor } from '../../../main/random.ts';
import { builtInSpaces, spaceNamed } from '../../../main/space/index.ts';

describe('depth and width of a described space', () => {
  it('are blocks, and the place of each stage in its range of channels', () => {
    const space = spaceNamed('efficientnet-wide');
    const [shallow, deep] = [space.at(0), space.at(space.networks - 1)];
    expect(space.depth).toMatchObject({ unit: 'blocks', least: 7, most: 42 });
    expect(space.depth?.of(shallow)).toBe(7);
    expect(space.depth?.of(deep)).toBe(42);
    expect(space.width?.of(shallow)).toBe(0);
    expect(space.width?.of(deep)).toBe(1);
  });

  it('are fixed and mean channels where only widths are searched', () => {
    const space = spaceNamed('nats-sss');
    expect(space.depth).toMatchObject({ least: 5, most: 5 });
    expect(space.width?.of(space.parse('8:8:8:8:8'))).toBe(0);
    expect(space.width?.of(space.parse('8:64:8:64:8'))).toBeGreaterThan(0);
  });

  it('are left out where topologies differ', () => {
    const { depth, width } = spaceNamed('segmentation-macro');
    expect([depth, width]).toEqual([undefined, undefined]);
  });

  it.each(
    builtInSpaces()
      .filter(({ depth }) => depth !== undefined)
      .map((space) => [space.name, space]),
  )('stay between least and most in %s', (_, space) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const genotype = space.sample(generatorFor('extents', seed));
        for (const extent of [space.depth, space.width]) {
          if (extent === undefined) continue;
          expect(extent.of(genotype)).toBeGreaterThanOrEqual(extent.least);
          expect(extent.of(genotype)).toBeLessThanOrEqual(extent.most);
        }
      }),
    );
  });
});
