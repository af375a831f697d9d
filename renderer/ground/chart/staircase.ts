/** Fronts as small drawings: cost on a logarithmic axis to the right, score upwards. */
export interface CostScore {
  readonly cost: number;
  readonly score: number;
}

export interface Staircase {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** The steps through the first `members` points, which are a front sorted by cost. */
  path(members: number): string;
}

export interface Bounds {
  readonly cost: { readonly from: number; readonly to: number };
  readonly score: { readonly from: number; readonly to: number };
}

/** Null where there is nothing with both measures. */
export function pointBounds(points: readonly CostScore[]): Bounds | null {
  const known = points.filter(({ cost, score }) => Number.isFinite(cost) && Number.isFinite(score));
  if (known.length === 0) return null;
  const costs = known.map(({ cost }) => cost);
  const scores = known.map(({ score }) => score);
  return {
    cost: { from: Math.min(...costs), to: Math.max(...costs) },
    score: { from: Math.min(...scores), to: Math.max(...scores) },
  };
}

/** Null where one of the points lacks a measure and nothing can be drawn, or there is no room. */
export function staircase(
  points: readonly CostScore[],
  size: { readonly width: number; readonly height: number; readonly margin?: number },
  bounds: Bounds | null = pointBounds(points),
): Staircase | null {
  const { width, height, margin = 8 } = size;
  const complete = points.every(({ cost, score }) => cost > 0 && Number.isFinite(cost + score));
  if (!bounds || !complete || width <= 2 * margin) return null;
  const low = Math.log(bounds.cost.from);
  const across = Math.log(bounds.cost.to) - low || 1;
  const up = bounds.score.to - bounds.score.from || 1;
  const placed = points.map(({ cost, score }) => ({
    x: margin + ((Math.log(cost) - low) / across) * (width - 2 * margin),
    y: height - margin - ((score - bounds.score.from) / up) * (height - 2 * margin),
  }));
  return {
    points: placed,
    path: (members) => {
      const steps = placed.slice(0, members);
      const [first, ...rest] = steps;
      if (!first) return '';
      const stairs = rest.map(({ x, y }) => `H${x}V${y}`).join('');
      return `M${first.x} ${height}V${first.y}${stairs}H${width}`;
    },
  };
}
