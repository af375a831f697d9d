import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRows } from '../../../../main/electron/pack-rows.ts';
import { CandidateColumns } from '../../../../renderer/open-run/columns/columns.ts';
import { dominatorsOf, lineageOf } from '../../../../renderer/candidate/lineage.ts';
import {
  centredOn,
  fittedToFrame,
  holding,
  pathThrough,
  keptInside,
  wholeScale,
  zoomAround,
} from '../../../../renderer/ground/chart/pan-zoom.ts';
import {
  groupLayers,
  meanNorm,
  normText,
} from '../../../../renderer/candidate/architecture/staged-layers.ts';
import { staircase } from '../../../../renderer/ground/chart/staircase.ts';
import { detailOf, fakeArchitecture, rows } from '../../fake-bridge.ts';

describe('lineage', () => {
  const columns = new CandidateColumns();
  columns.append(packRows(rows(60)));

  it('goes both ways: a parent has the child among its children', () => {
    const { parents } = lineageOf(columns, 45);
    expect(parents).toEqual([25, 28]);
    for (const parent of parents) expect(lineageOf(columns, parent).children).toContain(45);
  });

  it('is empty upwards in the first generation', () => {
    expect(lineageOf(columns, 3).parents).toEqual([]);
  });
});

it('names those of the front that beat a candidate, and nobody for a member', () => {
  const front = Uint32Array.of(0, 1, 2);
  const cost = Float64Array.of(1, 2, 4, 3, 2, NaN);
  const score = Float64Array.of(10, 20, 30, 15, 20, 1);
  expect(dominatorsOf(3, front, cost, score)).toEqual([1]);
  expect(dominatorsOf(4, front, cost, score)).toEqual([]);
  expect(dominatorsOf(1, front, cost, score)).toEqual([]);
  expect(dominatorsOf(5, front, cost, score)).toEqual([]);
});

describe('pan and zoom', () => {
  const number = fc.double({ min: -500, max: 500, noNaN: true });
  const view = fc.record({
    x: number,
    y: number,
    scale: fc.double({ min: 0.2, max: 2, noNaN: true }),
  });

  it('keeps the point under the pointer where it is', () => {
    fc.assert(
      fc.property(
        view,
        number,
        number,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (v, x, y, by) => {
          const next = zoomAround(v, { x, y }, by);
          expect((x - next.x) / next.scale).toBeCloseTo((x - v.x) / v.scale, 4);
          expect((y - next.y) / next.scale).toBeCloseTo((y - v.y) / v.scale, 4);
        },
      ),
    );
  });

  const frame = { width: 400, height: 300 };
  const box = { x: 1000, y: 2000, width: 100, height: 20 };
  it('brings a box to the middle, or just inside', () => {
    const centred = centredOn(box, frame, { x: 0, y: 0, scale: 0.3 });
    expect(centred.x + (box.x + 50) * centred.scale).toBeCloseTo(200);
    expect(centred.y + (box.y + 10) * centred.scale).toBeCloseTo(150);
    const held = holding(box, frame, { x: 0, y: 0, scale: 1 });
    expect(held.x + box.x + box.width).toBeLessThanOrEqual(400);
    expect(held.y + box.y + box.height).toBeLessThanOrEqual(300);
    expect(holding(box, frame, held)).toEqual(held);
  });

  it('fits a small drawing in the middle, and a tall one from its top, readable', () => {
    expect(fittedToFrame({ width: 200, height: 100 }, frame)).toEqual({ scale: 1, x: 100, y: 100 });
    // What lies along the lower edge covers nothing of it.
    const above = fittedToFrame({ width: 200, height: 100 }, frame, 40);
    expect(above.y + 100).toBeLessThanOrEqual(frame.height - 40);
    expect(above.y).toBe(80);
    const tall = fittedToFrame({ width: 200, height: 9000 }, frame);
    expect(tall.scale).toBeGreaterThan(0.7);
    expect(tall.y).toBe(16);
    const wide = fittedToFrame({ width: 4000, height: 100 }, frame);
    expect(wide.scale * 4000).toBeLessThanOrEqual(400);
  });

  it('can be made as small as the drawing needs, however wide or tall', () => {
    for (const drawing of [
      { width: 40_000, height: 300 },
      { width: 300, height: 90_000 },
    ]) {
      const whole = wholeScale(drawing, frame, 40);
      const far = zoomAround({ x: 0, y: 0, scale: 1 }, { x: 0, y: 0 }, 1e-6, whole);
      const kept = keptInside({ ...far, x: -900, y: 900 }, drawing, frame, 40);
      expect(kept.x).toBeGreaterThanOrEqual(0);
      expect(kept.y + far.scale * drawing.height).toBeLessThanOrEqual(frame.height - 40);
      expect(far.scale * drawing.width).toBeLessThanOrEqual(frame.width);
      expect(far.scale * drawing.height).toBeLessThanOrEqual(frame.height - 40);
    }
    const fitted = fittedToFrame({ width: 40_000, height: 300 }, frame);
    expect(fitted.x).toBeGreaterThanOrEqual(0);
    expect(fitted.x + fitted.scale * 40_000).toBeLessThanOrEqual(frame.width);
    // Small drawings do not shrink to a speck.
    expect(zoomAround({ x: 0, y: 0, scale: 1 }, { x: 0, y: 0 }, 1e-6, 1).scale).toBe(0.1);
  });

  it('draws a path from the first point to the last', () => {
    expect(
      pathThrough([
        [1, 2],
        [1, 9],
      ]),
    ).toBe('M1 2L1 9');
    expect(
      pathThrough([
        [0, 0],
        [5, 5],
        [9, 9],
      ]),
    ).toMatch(/^M0 0Q5 5 .*L9 9$/);
    expect(pathThrough([])).toBe('');
  });
});

describe('layers by stage', () => {
  const row = rows(1)[0]!;
  const { layers } = detailOf(row);
  const boxes = new Map(fakeArchitecture(row.values).map((node) => [node.layer ?? '', node]));

  it('hold each layer once and sum what they add', () => {
    const groups = groupLayers(layers, boxes, false);
    expect(groups.flatMap((group) => group.layers)).toEqual(layers);
    const log = groups.reduce((sum, group) => sum + group.log, 0);
    expect(log).toBeCloseTo(layers.reduce((sum, layer) => sum + layer.log, 0));
    expect(groups.map(({ stage }) => stage)).toContain('stage3');
  });

  it('take the capped terms where the ranking does', () => {
    const stem = groupLayers(layers, boxes, true)[0]!;
    expect(stem.log).toBeCloseTo(stem.layers[0]!.logCapped);
  });

  it('write norms with three figures', () => {
    expect(normText(meanNorm({ gradientNorms: [0.2, 0.21] }))).toBe('0.205');
    expect(normText(0.000_012_3)).toBe('1.2e-5');
    expect(normText(0)).toBe('0');
  });
});

describe('a front as a staircase', () => {
  it('goes up and to the right, on a logarithmic axis', () => {
    const points = [
      { cost: 1, score: 0 },
      { cost: 10, score: 5 },
      { cost: 100, score: 10 },
    ];
    const chart = staircase(points, { width: 116, height: 116 });
    expect(chart?.points.map(({ x }) => Math.round(x))).toEqual([8, 58, 108]);
    expect(chart?.points.map(({ y }) => Math.round(y))).toEqual([108, 58, 8]);
    expect(chart?.path(3)).toMatch(/^M8 116V108H\S+V\S+H\S+V\S+H116$/);
  });

  it('is nothing where a measure is missing', () => {
    expect(staircase([{ cost: NaN, score: 1 }], { width: 100, height: 50 })).toBeNull();
    expect(staircase([], { width: 100, height: 50 })).toBeNull();
  });
});
