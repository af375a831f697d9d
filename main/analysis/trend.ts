/**
 * How the front of a run grew: its hypervolume after each generation. Cheap: of every generation only what
 * is on the front so far is kept.
 */

export interface TrendPoint {
  readonly generation: number;
  /** Maximised. */
  readonly score: number;
  /** Minimised; milliseconds or MACs, above 0. */
  readonly cost: number;
}

/** At most so many values: a line a hundred pixels wide shows no more. */
const mostValues = 60;

/**
 * Area dominated after each generation as a share of the last one's, cost on a logarithmic axis, measured
 * from the worst cost and the worst score of the whole run. Empty without a point; never falls.
 */
export function frontTrend(points: readonly TrendPoint[]): number[] {
  if (points.length === 0) return [];
  let worstScore = Infinity;
  let worstCost = -Infinity;
  let last = 0;
  for (const { score, cost, generation } of points) {
    if (score < worstScore) worstScore = score;
    if (cost > worstCost) worstCost = cost;
    if (generation > last) last = generation;
  }
  const generations = Array.from({ length: last + 1 }, (): TrendPoint[] => []);
  for (const point of points) generations[point.generation].push(point);
  let front: TrendPoint[] = [];
  const areas = generations.map((added) => {
    front = nonDominated([...front, ...added]);
    let floor = worstScore;
    let area = 0;
    for (const { cost, score } of front) {
      area += Math.log(worstCost / cost) * (score - floor);
      floor = score;
    }
    return area;
  });
  const whole = areas[last] || 1;
  return thinned(areas.map((area) => area / whole));
}

/** Cheapest first, each scoring higher than all that are cheaper. */
function nonDominated(points: TrendPoint[]): TrendPoint[] {
  points.sort((a, b) => a.cost - b.cost || b.score - a.score);
  let best = -Infinity;
  return points.filter(({ score }) => {
    if (score <= best) return false;
    best = score;
    return true;
  });
}

/** Evenly, and always with the first and the last. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= mostValues) return [...values];
  const step = (values.length - 1) / (mostValues - 1);
  return Array.from({ length: mostValues }, (_, i) => values[Math.round(i * step)]);
}
