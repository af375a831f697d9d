/** Decides which engine scores, whether or not one was asked for. */
import {
  engineNames,
  engineTraits,
  type EngineName,
  type EngineWish,
  type Precision,
} from '../common/engines.ts';
import { WorkbenchError, type ErrorReport } from '../errors.ts';

export interface EngineChoice {
  readonly name: EngineName;
  /** One sentence on why it is not the usual one; null where it is, or where it was asked for. */
  readonly note: string | null;
}

/** Why engines cannot score what is to be scored; absent or null where one can. */
export type Obstacles = Readonly<Partial<Record<EngineName, ErrorReport | null>>>;

/**
 * @param order `auto` takes the first without an obstacle, or the last where every one has an obstacle
 * @throws WorkbenchError the obstacle, where an engine was asked for by name
 */
export function chooseEngine(
  wish: EngineWish,
  obstacles: Obstacles,
  order: readonly EngineName[] = engineNames,
): EngineChoice {
  if (wish !== 'auto') {
    const obstacle = obstacles[wish];
    if (obstacle) throw WorkbenchError.fromReport(obstacle);
    return { name: wish, note: null };
  }
  const [usual, ...others] = order as readonly [EngineName, ...EngineName[]];
  const obstacle = obstacles[usual];
  if (!obstacle) return { name: usual, note: null };
  const name = others.find((other) => !obstacles[other]) ?? order[order.length - 1]!;
  return { name, note: fallbackNote(name, usual, obstacle) };
}

/**
 * The engine to ask for where a precision was asked for: the first that has it, and no substitute.
 * @throws WorkbenchError `precision-unavailable` where an engine was asked for that does not have it
 */
export function wishWith(wish: EngineWish, precision: Precision): EngineWish {
  const having = engineNames.filter((name) => engineTraits[name].precisions.includes(precision));
  if (having.length === engineNames.length) return wish;
  if (wish === 'auto') return having[0]!;
  if (having.includes(wish)) return wish;
  throw new WorkbenchError(
    'precision-unavailable',
    `${wish} scores in ${engineTraits[wish].precisions.join(', ')} only; ${precision} convolutions are ${having.join(' and ')}'s.`,
    `Leave the precision out, or choose the ${having.join(' or ')} engine.`,
  );
}

/** Why one engine scores what another would usually score. */
export function fallbackNote(
  name: EngineName,
  usual: EngineName,
  { message }: Pick<ErrorReport, 'message'>,
): string {
  return `${name} scores instead of ${usual}. ${message}`;
}

/** What decides how much the rounding of convolutions matters to a score. */
export interface Scored {
  /** Of the score that ranks; null: plain ZiCo. */
  readonly termCap: number | null;
  readonly batches: number;
}

/** From this many batches on, no single pair of gradients dominates a score. */
const enoughBatches = 4;

/**
 * What `auto` chooses. Plain ZiCo, and any score of few batches, is dominated by weights whose gradients nearly
 * agree, which rounding decides: for these, convolutions are computed directly, as published.
 */
export function usualPrecision(engine: EngineName, { termCap, batches }: Scored): Precision {
  const forgiving = termCap !== null && batches >= enoughBatches;
  const quicker = engineTraits[engine].precisions.includes('float32-winograd');
  return quicker && forgiving ? 'float32-winograd' : 'float32';
}
