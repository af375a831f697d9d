import { describe, expect, it } from 'vitest';
import { Viewport } from '../../../../renderer/ground/chart/viewport.svelte.ts';

const extent = { x: { from: 0, to: 1 }, y: { from: 0, to: 100 } };
const frame = { left: 0, top: 0, right: 100, bottom: 100 };

describe('the view of the scatter', () => {
  it('does not move for points inside, and grows for points outside', () => {
    const viewport = new Viewport();
    viewport.pointsArrived(extent);
    const before = viewport.view;
    viewport.pointsArrived({ x: { from: 0.2, to: 1 }, y: { from: 10, to: 100 } });
    expect(viewport.view).toBe(before);
    viewport.pointsArrived({ x: { from: 0, to: 3 }, y: { from: 0, to: 100 } });
    expect(viewport.view.x.to).toBeGreaterThan(3);
    expect(viewport.view.x.from).toBe(before.x.from);
  });

  it('stays where a person zoomed to, whatever arrives', () => {
    const viewport = new Viewport();
    viewport.pointsArrived(extent);
    viewport.zoom(frame, { x: 50, y: 50 }, 0.5);
    const zoomed = viewport.view;
    viewport.pointsArrived({ x: { from: -5, to: 9 }, y: { from: -900, to: 900 } });
    expect(viewport.view).toBe(zoomed);
    viewport.fitAll(extent);
    expect(viewport.moved).toBe(false);
  });

  it('goes with the scores when beta moves, zoomed or not', () => {
    const viewport = new Viewport();
    viewport.pointsArrived(extent);
    viewport.zoom(frame, { x: 50, y: 50 }, 0.5);
    const { y } = viewport.view;
    viewport.valuesMoved({ x: extent.x, y: { from: -200, to: -100 } }, { x: false, y: true });
    expect(viewport.view.y.from).toBeCloseTo(y.from - 200);
    expect(viewport.view.y.to).toBeCloseTo(y.to - 200);
  });
});
