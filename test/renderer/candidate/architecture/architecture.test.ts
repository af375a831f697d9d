import { describe, expect, it } from 'vitest';
import {
  findNodes,
  folds,
  layoutRequest,
  stagesOf,
} from '../../../../renderer/candidate/architecture/architecture.ts';
import { layoutNetwork } from '../../../../renderer/candidate/layout/layout.ts';
import { fakeArchitecture } from '../../fake-bridge.ts';

const nodes = fakeArchitecture([8, 16, 24, 32, 40]);
const stages = stagesOf(nodes);
const all = new Set(stages.filter(folds).map(({ stage }) => stage));
const layoutOf = (open: ReadonlySet<string>) => layoutNetwork(layoutRequest(stages, open));

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('stages', () => {
  it('hold every step once, in order, with the sums of their layers', () => {
    expect(stages.flatMap((stage) => stage.nodes)).toEqual(nodes);
    const first = stages.find(({ stage }) => stage === 'stage1');
    expect(first?.layers).toBe(3);
    expect(first?.macs).toBe(first?.nodes.reduce((sum, { macs }) => sum + macs, 0));
    expect(stages.find(({ stage }) => stage === 'input')?.layers).toBe(0);
  });

  it('of one step do not fold', () => {
    expect(folds(stages[0]!)).toBe(false);
    expect(all).toContain('stage1');
    expect(all).not.toContain('head');
  });
});

describe('the layout', () => {
  it('draws one box a stage while all are folded, each below what it reads', () => {
    const { stages: frames, boxes, lines } = layoutOf(new Set());
    expect(boxes).toEqual([]);
    expect(frames.map(({ id }) => id)).toEqual(stages.map(({ stage }) => stage));
    for (const { from, to } of lines) {
      const [above, below] = [from, to].map((id) => frames.find((frame) => frame.id === id));
      expect(above!.y + above!.height).toBeLessThanOrEqual(below!.y);
    }
    expect(lines).toHaveLength(stages.length - 1);
  });

  it('keeps what is inside of an open stage inside, and lets nothing overlap', () => {
    const { stages: frames, boxes } = layoutOf(all);
    expect(boxes.length).toBeGreaterThan(stages.length / 2);
    for (const box of boxes) {
      const stage = nodes.find(({ id }) => id === box.id)?.stage;
      const frame = frames.find(({ id }) => id === stage)!;
      expect(box.x).toBeGreaterThanOrEqual(frame.x);
      expect(box.x + box.width).toBeLessThanOrEqual(frame.x + frame.width);
      expect(box.y).toBeGreaterThan(frame.y);
      expect(box.y + box.height).toBeLessThanOrEqual(frame.y + frame.height);
    }
    for (const set of [frames, boxes]) {
      set.forEach((one, i) => {
        for (const other of set.slice(i + 1)) expect(overlap(one, other)).toBe(false);
      });
    }
  });

  it('draws a shortcut beside the path that it skips', () => {
    const joined = nodes.map((node) =>
      node.id === 'body.0.op23' ? { ...node, inputs: [...node.inputs, 'body.0.op01'] } : node,
    );
    const { lines } = layoutNetwork(layoutRequest(stagesOf(joined), new Set(['stage1'])));
    const shortcut = lines.find(({ from, to }) => from === 'body.0.op01' && to === 'body.0.op23');
    expect(shortcut!.points.length).toBeGreaterThan(2);
  });
});

it('finds steps by all words of their names', () => {
  expect(findNodes(nodes, 'op01 stage1').map(({ id }) => id)).toEqual(['body.0.op01']);
  expect(findNodes(nodes, 'LINEAR').map(({ id }) => id)).toEqual(['head']);
  expect(findNodes(nodes, '  ')).toEqual([]);
});
