import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphIndex } from '../../../renderer/graphs/graph-index.ts';
import {
  graphBox,
  layoutGraph,
  type GraphLayout,
} from '../../../renderer/graphs/layout/graph-layout.ts';
import { processorMs } from '../../support/processor-time.ts';

/** Residual blocks of six steps. */
function residual(blocks: number): number[][] {
  const from: number[][] = [[]];
  let last = 0;
  const add = (...reads: number[]): number => from.push(reads) - 1;
  for (let block = 0; block < blocks; block++) {
    const start = last;
    for (let i = 0; i < 6; i++) last = add(last);
    last = add(last, start);
  }
  return from;
}

function overlaps({ x, y }: GraphLayout): [number, number][] {
  const found: [number, number][] = [];
  for (let a = 0; a < x.length; a++) {
    for (let b = a + 1; b < x.length; b++) {
      const apart =
        Math.abs(x[a]! - x[b]!) >= graphBox.width - 0.5 ||
        Math.abs(y[a]! - y[b]!) >= graphBox.height - 0.5;
      if (!apart) found.push([a, b]);
    }
  }
  return found;
}

/** Graphs in an order in which they can be computed. */
const anyGraph = fc
  .integer({ min: 1, max: 40 })
  .chain((count) =>
    fc.tuple(
      ...Array.from({ length: count }, (_, i) =>
        i === 0
          ? fc.constant<number[]>([])
          : fc.uniqueArray(fc.nat({ max: i - 1 }), { minLength: 0, maxLength: 3 }),
      ),
    ),
  );

describe('the layout of a graph', () => {
  it('places every box once, none on another, each below what it reads, whatever the graph', () => {
    fc.assert(
      fc.property(anyGraph, (from) => {
        const layout = layoutGraph({ from });
        expect([...layout.order].sort((a, b) => a - b)).toEqual([...from.keys()]);
        expect(overlaps(layout)).toEqual([]);
        for (const [box, reads] of from.entries()) {
          for (const read of reads) expect(layout.y[read]!).toBeLessThan(layout.y[box]!);
        }
        const edges = from.reduce((sum, reads) => sum + reads.length, 0);
        expect(layout.ends).toHaveLength(2 * edges);
        for (const box of from.keys()) {
          expect(layout.x[box]).toBeGreaterThanOrEqual(0);
          expect(layout.x[box]! + graphBox.width).toBeLessThanOrEqual(layout.width);
          expect(layout.y[box]! + graphBox.height).toBeLessThanOrEqual(layout.height);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes its time by the number of boxes, not by the depth of the network', () => {
    const from = residual(720);
    let layout = layoutGraph({ from: [] });
    expect(processorMs(() => (layout = layoutGraph({ from })))).toBeLessThan(5000);
    expect(layout.x).toHaveLength(1 + 7 * 720);
    expect(layout.width).toBeLessThan(3 * graphBox.width);
  });

  it('draws what comes from far above beside the network', () => {
    const from = [[], ...Array.from({ length: 200 }, (_, i) => [i])];
    from[200] = [199, 1];
    const layout = layoutGraph({ from });
    const line = Array.from({ length: layout.ends.length / 2 }, (_, i) => i).find(
      (i) => layout.ends[2 * i] === 1 && layout.ends[2 * i + 1] === 200,
    )!;
    const xs = Array.from(
      { length: layout.starts[line + 1]! - layout.starts[line]! },
      (_, i) => layout.points[2 * (layout.starts[line]! + i)]!,
    );
    expect(Math.max(...xs)).toBeGreaterThan(Math.max(...layout.x) + graphBox.width);
  });

  it('stands what is read in one place there, in networks too tangled for anything but layers', () => {
    const from: number[][] = [[]];
    const chain = [0];
    while (chain.length < 800) {
      // Every fourth box reads a value of its own, made in two steps of nothing that comes in.
      const reads = [chain.at(-1)!, chain.at(-30) ?? chain.at(-1)!];
      if (chain.length % 4 === 0) {
        from.push([]);
        reads.push(from.push([from.length - 1]) - 1);
      }
      chain.push(from.push([...new Set(reads)]) - 1);
    }
    const layout = layoutGraph({ from });
    expect(overlaps(layout)).toEqual([]);
    expect(layout.width).toBeLessThan(10 * graphBox.width);
    for (const [box, reads] of from.entries()) {
      for (const read of reads) expect(layout.y[read]!).toBeLessThan(layout.y[box]!);
    }
  });

  it('stands a join of many inputs, and a network of one box', () => {
    const many = [
      [],
      ...Array.from({ length: 60 }, () => [0]),
      Array.from({ length: 60 }, (_, i) => i + 1),
    ];
    expect(overlaps(layoutGraph({ from: many }))).toEqual([]);
    expect(layoutGraph({ from: [[]] })).toMatchObject({ width: graphBox.width + 2 });
  });
});

describe('what of a graph can be seen', () => {
  const layout = layoutGraph({ from: residual(40) });
  const index = new GraphIndex(layout);

  it('are the boxes and lines between two heights, and few others', () => {
    const [top, bottom] = [3000, 3500];
    const seen = new Set(index.boxesBetween(top, bottom));
    for (const [box, y] of layout.y.entries()) {
      if (y + graphBox.height >= top && y <= bottom) expect(seen.has(box)).toBe(true);
    }
    expect(seen.size).toBeLessThan(layout.y.length / 2);
    expect(index.linesBetween(top, bottom).length).toBeLessThan(layout.ends.length / 4);
    expect(index.boxesBetween(0, layout.height)).toHaveLength(layout.y.length);
    expect(index.linesBetween(0, layout.height)).toHaveLength(layout.ends.length / 2);
  });

  it('is the box under the pointer', () => {
    for (const box of [0, 17, 200]) {
      expect(index.boxAt(layout.x[box]! + 5, layout.y[box]! + 5)).toBe(box);
    }
    expect(index.boxAt(-50, 10)).toBeNull();
  });
});
