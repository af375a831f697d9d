/**
 * What the front of a search is worth, by known accuracies: of what it offers, of what it scored by estimates, and of
 * what it scored by scores. Looks at every network of a table, so a window has it done in a child
 * (workbench/guide-child.ts).
 */
import type { AccuracyTable } from '../benchmark/accuracy-table.ts';
import { frontJudge, type FrontQuality, type TableNetwork } from '../benchmark/front-quality.ts';
import { spreadOf } from '../common/order-statistics.ts';
import type { ReferenceRule, Quality } from '../common/search-benchmarks.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { WorkbenchError } from '../errors.ts';
import type { Candidate } from '../run/candidate.ts';
import { figuresOf, rankingOf } from '../run/ranking.ts';
import { estimatesOf } from '../search/guided/estimates.ts';
import type { Sliced } from '../search/guided/slices.ts';
import type { Size } from '../search/size.ts';
import type { DescribedSpace } from '../space/described-space.ts';
import type { Genotype } from '../space/space.ts';
import { countsOf } from './size-of.ts';

/** After so many candidates of a search. */
export interface JudgedAfter {
  readonly candidates: number;
  readonly offered: FrontQuality;
  readonly scored: FrontQuality;
  readonly raw: FrontQuality;
}

/** Fronts that need no score. */
export type JudgedBaselines = Readonly<Record<ReferenceRule, FrontQuality>>;

/** Who judges: this process, or a child. */
export interface Judging {
  /** Of the table. */
  readonly columns: readonly string[];
  readonly budgets: readonly number[];
  /** A search's fronts after 20, 40, 60, ... of its candidates, and after all of them. */
  after(
    settings: SearchSettings,
    candidates: readonly Candidate[],
  ): Promise<readonly JudgedAfter[]>;
  baselines(): Promise<JudgedBaselines>;
  close(): Promise<void>;
}

/** Numbers of candidates after which fronts are judged, beside the last. */
const places = [20, 40, 60, 120, 200, 400, 800];

type ByScore = readonly { readonly genotype: Genotype; readonly score: number }[];

export class FrontJudge {
  readonly #space: DescribedSpace;
  readonly #table: AccuracyTable;
  readonly #sizes = new Map<Genotype, Size>();
  readonly #networks: ReadonlyMap<Genotype, TableNetwork>;
  readonly #judge: ReturnType<typeof frontJudge>;

  /** Throws `table-incomplete` where a search may come upon a network that the table does not have. */
  constructor(space: DescribedSpace, table: AccuracyTable, budgets: readonly number[]) {
    if (table.rows.length !== space.networks) throw incomplete(space, table);
    this.#space = space;
    this.#table = table;
    this.#networks = new Map(
      table.rows.map(({ genotype, accuracies }) => [
        genotype,
        { macs: this.#count(genotype).macs, accuracies },
      ]),
    );
    this.#judge = frontJudge([...this.#networks.values()], budgets);
  }

  *after(settings: SearchSettings, candidates: readonly Candidate[]): Sliced<JudgedAfter[]> {
    const space = this.#space;
    const count = (genotype: Genotype): Size => this.#count(genotype);
    const after: JudgedAfter[] = [];
    const last = candidates.length;
    for (const place of [...places.filter((one) => one < last), last]) {
      const first = candidates.slice(0, place);
      const estimated = yield* estimatesOf({ space, settings, candidates: first, count });
      if (estimated === null) continue;
      const evaluated = first.filter((candidate) => candidate.status === 'evaluated');
      const figures = figuresOf(evaluated, rankingOf(settings));
      const byEstimate = evaluated.map(({ id, genotype }) => {
        return { genotype, score: estimated.byId.get(id)!.score };
      });
      after.push({
        candidates: place,
        offered: this.judged(
          estimated.front.map(({ genotype, estimate }) => ({ genotype, score: estimate.score })),
        ),
        scored: this.judged(byEstimate),
        raw: this.judged(evaluated.map(({ genotype }, i) => ({ genotype, score: figures[i]! }))),
      });
    }
    return after;
  }

  baselines(): JudgedBaselines {
    const { columns, rows } = this.#table;
    const by = (score: (genotype: Genotype) => number): FrontQuality =>
      this.judged(rows.map(({ genotype }) => ({ genotype, score: score(genotype) })));
    // Choices without names are quantities; of counts and widths alike the logarithms add up.
    const quantities = this.#space.genes.map(({ labels }) => labels === undefined);
    const widths = (genotype: Genotype): number =>
      this.#space
        .values(genotype)
        .reduce((sum, value, i) => sum + (quantities[i] && value > 0 ? Math.log(value) : 0), 0);
    // Of each column the front that its own accuracies have.
    const ideal = columns.map((_, c) =>
      this.judged(rows.map(({ genotype, accuracies }) => ({ genotype, score: accuracies[c]! }))),
    );
    const own = (of: (quality: FrontQuality) => readonly number[]) =>
      ideal.map((one, c) => of(one)[c]!);
    return {
      parameters: by((genotype) => this.#count(genotype).parameters),
      macs: by((genotype) => this.#count(genotype).macs),
      widths: by(widths),
      accuracy: {
        networks: Math.max(...ideal.map(({ networks }) => networks)),
        regret: own(({ regret }) => regret),
        hypervolume: own(({ hypervolume }) => hypervolume),
      },
    };
  }

  /** The front that networks with these scores have. */
  judged(networks: ByScore): FrontQuality {
    return this.#judge(
      networks.map(({ genotype, score }) => ({ network: this.#networks.get(genotype)!, score })),
    );
  }

  #count(genotype: Genotype): Size {
    const known = this.#sizes.get(genotype) ?? countsOf(this.#space, genotype);
    this.#sizes.set(genotype, known);
    return known;
  }
}

/** The same front by several seeds, with the spread of each figure. */
export function acrossSeeds(
  qualities: readonly FrontQuality[],
  columns: readonly string[],
): Quality {
  const byColumn = (of: (quality: FrontQuality) => readonly number[]) =>
    Object.fromEntries(
      columns.map((column, c) => [column, spreadOf(qualities.map((one) => of(one)[c]!))]),
    );
  return {
    networks: spreadOf(qualities.map(({ networks }) => networks)),
    regret: byColumn(({ regret }) => regret),
    hypervolume: byColumn(({ hypervolume }) => hypervolume),
  };
}

function incomplete(space: DescribedSpace, table: AccuracyTable): WorkbenchError {
  return new WorkbenchError(
    'table-incomplete',
    `The table has ${table.rows.length} of the ${space.networks} networks of ${space.name}, and a search may come upon any.`,
    'Use a table of all networks, or leave --search out.',
  );
}
