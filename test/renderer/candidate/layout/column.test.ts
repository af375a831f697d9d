import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { column } from '../../../../renderer/candidate/layout/column.ts';
import { layoutNetwork } from '../../../../renderer/candidate/layout/layout.ts';

const size = { width: 208, height: 26 };
const boxesOf = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `${i}`, ...size }));

/** Up to twelve boxes and some of the edges that lead downwards. */
const graphs = fc.integer({ min: 1, max: 12 }).chain((n) => {
  const all = boxesOf(n).flatMap((_, to) =>
    Array.from({ length: to }, (_, from): [string, string] => [`${from}`, `${to}`]),
  );
  return fc.record({ n: fc.constant(n), edges: fc.subarray(all) });
});

describe('a stage as a column', () => {
  it('keeps the order, one box below the other, and every edge', () => {
    fc.assert(
      fc.property(graphs, ({ n, edges }) => {
        const { boxes, lines, width, height } = column(boxesOf(n), edges);
        expect(boxes.map(({ id }) => id)).toEqual(boxesOf(n).map(({ id }) => id));
        boxes.slice(1).forEach((box, i) => {
          expect(box.y).toBeGreaterThan(boxes[i]!.y + boxes[i]!.height);
        });
        const keys = lines.map(({ from, to }) => `${from} ${to}`).sort();
        expect(keys).toEqual(edges.map((edge) => edge.join(' ')).sort());
        for (const [x, y] of lines.flatMap(({ points }) => points)) {
          expect(x).toBeLessThanOrEqual(width);
          expect(y).toBeLessThanOrEqual(height);
        }
      }),
    );
  });

  it('never runs two edges over each other beside the boxes', () => {
    fc.assert(
      fc.property(graphs, ({ n, edges }) => {
        const beside = column(boxesOf(n), edges).lines.filter(({ points }) => points.length > 2);
        const runs = beside.map(({ points }) => {
          const [x] = points[1]!;
          return { x, top: points[1]![1], bottom: points.at(-2)![1] };
        });
        runs.forEach((a, i) => {
          for (const b of runs.slice(i + 1)) {
            const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (a.x === b.x) expect(overlap).toBeLessThanOrEqual(0);
          }
        });
      }),
    );
  });
});

/** A cell of NATS-Bench: everything reads everything before it, joined by sums. */
const cell = ['op01', 'op02', 'op12', 'add2', 'skip', 'op13', 'op23', 'add3'];
const reads: [string, string][] = [
  ['op01', 'op12'],
  ['op02', 'add2'],
  ['op12', 'add2'],
  ['op01', 'op13'],
  ['add2', 'op23'],
  ['skip', 'add3'],
  ['op13', 'add3'],
  ['op23', 'add3'],
];
const networkOf = (boxes: readonly string[], edges: [string, string][]) =>
  layoutNetwork({
    stages: [{ id: 'cell', boxes: boxes.map((id) => ({ id, ...size })), edges }],
    edges: [],
    folded: size,
    head: 26,
    padding: 10,
  });

describe('a network', () => {
  it('shows a stage that branches as a column: as wide as its boxes and the lines beside them', () => {
    const { boxes, width } = networkOf(cell, reads);
    expect(new Set(boxes.map(({ x }) => x)).size).toBe(1);
    expect(width).toBeLessThan(1.5 * size.width);
  });

  it('shows many parallel branches side by side, whose lines nobody could follow otherwise', () => {
    const branches = Array.from({ length: 12 }, (_, i) => `${i}`);
    const { boxes } = networkOf(
      ['first', ...branches, 'last'],
      branches.flatMap((id): [string, string][] => [
        ['first', id],
        [id, 'last'],
      ]),
    );
    expect(new Set(boxes.map(({ x }) => x)).size).toBeGreaterThan(8);
  });
});
