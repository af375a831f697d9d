/** Minimises a smooth function of a few variables within a box. */
import type { Sliced } from './slices.ts';

export interface Evaluated {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** Pairs of steps and gradient changes that approximate the Hessian. */
const memory = 6;
const sufficientDecrease = 1e-4;
const shortenings = 6;

/**
 * L-BFGS with backtracking (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4), steps clipped
 * to the box. The function may be Infinity where it cannot be computed; the start is then returned.
 * @param evaluations how often the function may be evaluated
 */
export function* minimise(
  start: Float64Array,
  [least, most]: readonly [number, number],
  evaluations: number,
  evaluate: (point: Float64Array) => Sliced<Evaluated>,
): Sliced<Float64Array> {
  let point = start;
  let at = yield* evaluate(point);
  let asked = 1;
  const steps: {
    readonly step: Float64Array;
    readonly change: Float64Array;
    readonly rho: number;
  }[] = [];
  while (asked < evaluations && Number.isFinite(at.value)) {
    const direction = descent(at.gradient, steps);
    const slope = dot(direction, at.gradient);
    if (!(slope < -1e-9)) break;
    const first =
      steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(at.gradient, at.gradient))) : 1;
    let accepted = false;
    for (let i = 0, length = first; i < shortenings && asked < evaluations; i++, length /= 4) {
      const next = point.map((x, k) => Math.min(Math.max(x + length * direction[k]!, least), most));
      const there = yield* evaluate(next);
      asked++;
      if (!(there.value <= at.value + sufficientDecrease * length * slope)) continue;
      const step = next.map((x, k) => x - point[k]!);
      const change = there.gradient.map((g, k) => g - at.gradient[k]!);
      const curvature = dot(step, change);
      if (curvature > 1e-10) steps.push({ step, change, rho: 1 / curvature });
      if (steps.length > memory) steps.shift();
      const gain = at.value - there.value;
      [point, at, accepted] = [next, there, gain > 1e-5];
      break;
    }
    if (!accepted) break;
  }
  return point;
}

function descent(
  gradient: Float64Array,
  steps: readonly { step: Float64Array; change: Float64Array; rho: number }[],
): Float64Array {
  const direction = gradient.map((g) => -g);
  const shares: number[] = [];
  for (const { step, change, rho } of steps.toReversed()) {
    const share = rho * dot(step, direction);
    shares.unshift(share);
    addTimes(direction, change, -share);
  }
  const last = steps.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.change, last.change));
    for (let k = 0; k < direction.length; k++) direction[k]! *= scale;
  }
  steps.forEach(({ step, change, rho }, i) => {
    addTimes(direction, step, shares[i]! - rho * dot(change, direction));
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

function addTimes(a: Float64Array, b: Float64Array, factor: number): void {
  for (let k = 0; k < a.length; k++) a[k]! += factor * b[k]!;
}
