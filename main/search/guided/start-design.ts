/** The first networks of a guided search, before there is anything to learn from. */
import { generatorFor } from '../../random.ts';
import type { Genotype, Space } from '../../space/space.ts';
import type { Size } from '../size.ts';
import { Slice, type Sliced } from './slices.ts';

export interface StartDesignRequest {
  readonly space: Space;
  readonly seed: number;
  /** The largest number of networks. */
  readonly count: number;
  readonly summarise: (genotype: Genotype) => Size;
  /** How far a network exceeds the limits of the search; 0 where it meets them. */
  readonly excess: (genotype: Genotype) => number;
}

/** How many random networks each place of the even spread is chosen from. */
const drawsAPlace = 40;
/** Steps towards the cheapest and the most expensive network; a gene takes one, rarely two. */
const mostSteps = 200;
/** The cost of counting a network, in multiplications. */
const counting = 60_000;

/**
 * The cheapest network, the most expensive one that meets the limits, then networks such that every choice of
 * every gene occurs about equally often. The cheap end has to be included: a network that costs less than
 * everything scored is below every reference and would never be tried.
 * @returns fewer than `count` where the space has no more, or where too few were found that meet the limits
 */
export function* startDesign(request: StartDesignRequest): Sliced<readonly Genotype[]> {
  const { space, seed, count, excess, summarise } = request;
  const random = generatorFor(seed, 'start');
  const slice = new Slice();
  const chosen = new Set<Genotype>();
  const from = space.at(0);
  const cheapest = yield* extreme(request, from, -1);
  if (excess(cheapest) === 0) chosen.add(cheapest);
  const dearest = yield* extreme(request, cheapest, 1);
  if (chosen.size < count && excess(dearest) === 0) chosen.add(dearest);

  const used = space.genes.map(() => new Map<number, number>());
  const stratum = strata(summarise(cheapest).macs, summarise(dearest).macs, count);
  const costs = new Map<number, number>();
  for (let place = chosen.size; place < count; place++) {
    let best: { readonly genotype: Genotype; readonly crowd: number } | null = null;
    for (let draw = 0; draw < drawsAPlace; draw++) {
      // Networks drawn uniformly cost about the same; taking genes from the extremes spreads them.
      const drawn = space.sample(random);
      const towards = draw % 3 === 0 ? null : draw % 3 === 1 ? cheapest : dearest;
      const genotype = towards === null ? drawn : space.crossover(drawn, towards, random);
      if (slice.full(counting)) yield;
      if (chosen.has(genotype) || excess(genotype) > 0) continue;
      const alike = costs.get(stratum(summarise(genotype).macs)) ?? 0;
      const crowd = crowding(space, genotype, used) + alike * 8 * space.genes.length;
      if (best === null || crowd < best.crowd) best = { genotype, crowd };
    }
    if (best === null) break;
    chosen.add(best.genotype);
    const costing = stratum(summarise(best.genotype).macs);
    costs.set(costing, (costs.get(costing) ?? 0) + 1);
    for (const [gene, value] of space.values(best.genotype).entries()) {
      used[gene]!.set(value, (used[gene]!.get(value) ?? 0) + 1);
    }
  }
  return [...chosen].slice(0, count);
}

/** The number of the section, from cheap to expensive on a logarithmic scale, in which a cost falls. */
function strata(least: number, most: number, count: number): (macs: number) => number {
  const [from, to] = [Math.log(Math.max(least, 1)), Math.log(Math.max(most, 1))];
  const parts = Math.max(count - 1, 1);
  return (macs) => Math.floor(((Math.log(Math.max(macs, 1)) - from) / (to - from || 1)) * parts);
}

/** How often this network's choices have been used, relative to the number of choices. */
function crowding(
  space: Space,
  genotype: Genotype,
  used: readonly ReadonlyMap<number, number>[],
): number {
  let crowd = 0;
  for (const [gene, value] of space.values(genotype).entries()) {
    crowd += (used[gene]!.get(value) ?? 0) * space.genes[gene]!.choices.length;
  }
  return crowd;
}

/** Moves gene by gene towards the least (-1) or the most (1) MACs, first of all to within the limits. */
function* extreme(
  { space, summarise, excess }: StartDesignRequest,
  from: Genotype,
  direction: 1 | -1,
): Sliced<Genotype> {
  const slice = new Slice();
  const worth = (genotype: Genotype): readonly [number, number, number] => {
    const { macs, parameters } = summarise(genotype);
    return [-excess(genotype), direction * macs, direction * parameters];
  };
  let best = { genotype: from, worth: worth(from) };
  for (let step = 0; step < mostSteps; step++) {
    const before = best;
    for (const genotype of space.neighbours(before.genotype)) {
      const other = worth(genotype);
      if (better(other, best.worth)) best = { genotype, worth: other };
      if (slice.full(counting)) yield;
    }
    if (best === before) break;
  }
  return best.genotype;
}

function better(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place >= 0 && a[place]! > b[place]!;
}
