/** Checks of settings that concern more than one option. */
import { isDeepStrictEqual } from 'node:util';
import { WorkbenchError } from '../errors.ts';
import { searchSettings, type SearchSettings } from '../common/settings/index.ts';
import { defaultInFlight } from '../common/settings/method.ts';
import type { Warning } from '../warning.ts';

/** Throws `no-budget` where nothing would ever end the search; what ends by itself may take for ever. */
export function assertBudget(settings: SearchSettings): void {
  const { generations, candidates, seconds } = settings;
  if (generations !== null || candidates !== null || seconds !== null) return;
  throw new WorkbenchError(
    'no-budget',
    'Nothing limits this search: neither generations, nor candidates, nor time.',
    'Set at least one of the three.',
  );
}

/** Throws `no-latency-to-limit` where a search counts MACs and has no milliseconds to limit. */
export function assertLatencyLimit({ latency, maxLatencyMs }: SearchSettings): void {
  if (maxLatencyMs === null || latency !== 'macs') return;
  throw new WorkbenchError(
    'no-latency-to-limit',
    `A search that counts MACs has no latency to limit to ${maxLatencyMs} ms.`,
    'Limit the MACs instead, or choose a source of latencies.',
  );
}

/** Throws `phone-settings` where a search on phones does not say how to measure, or any other search does. */
export function assertPhoneSettings({ latency, phone }: SearchSettings): void {
  if ((latency === 'phone') === (phone !== null)) return;
  throw new WorkbenchError(
    'phone-settings',
    phone === null
      ? 'A search that measures on a phone needs settings for phones.'
      : `This search takes its latencies from ${latency}, but has settings for phones.`,
    'Choose a phone as the source of latencies, or leave its settings out.',
  );
}

/**
 * Throws `search-settings` where a search that proposes one network after the other has generations, or
 * does not say how many may be in flight.
 */
export function assertSearchMethod({
  search,
  inFlight,
  generations,
  settledPercent,
  takenOver,
}: SearchSettings): void {
  if (takenOver > 0 && inFlight === null) {
    throw new WorkbenchError(
      'search-settings',
      'A search by whole generations cannot take over candidates of another run.',
      `Say how many candidates may be in flight, such as ${defaultInFlight}, or choose a guided search.`,
    );
  }
  if (search !== 'guided' && settledPercent !== null) {
    throw new WorkbenchError(
      'search-settings',
      `A search by ${search} has no model that could predict what more candidates would add, so it cannot end by itself.`,
      'Limit the candidates or the time instead, or choose a guided search.',
    );
  }
  if (search === 'nsga2') return;
  if (generations !== null) {
    throw new WorkbenchError(
      'search-settings',
      `A ${search} search has no generations, so it cannot end after ${generations} of them.`,
      'Limit the candidates or the time instead, or choose NSGA-II.',
    );
  }
  if (inFlight === null) {
    throw new WorkbenchError(
      'search-settings',
      `A ${search} search needs the number of candidates that may be in flight.`,
      `Say how many, such as ${defaultInFlight}.`,
    );
  }
}

/** What may be raised of a run that goes on. */
export type Budget = Partial<Pick<SearchSettings, 'generations' | 'candidates' | 'seconds'>>;

const budgetNames = ['generations', 'candidates', 'seconds'] as const;

/** The given limits that are higher than the run's, with which it can go on. */
export function largerBudget(
  stored: SearchSettings,
  given: Readonly<Partial<SearchSettings>>,
): Budget {
  const raised = budgetNames.flatMap((name) => {
    const [before, now] = [stored[name], given[name] ?? null];
    return before !== null && now !== null && now > before ? [[name, now] as const] : [];
  });
  return Object.fromEntries(raised);
}

/** The limits of a run that goes on with so many more candidates; what limits its time stays. */
export function budgetWithMore(
  { candidates, generations, population }: SearchSettings,
  more: number,
): Budget {
  return {
    ...(candidates !== null && { candidates: candidates + more }),
    ...(generations !== null && { generations: generations + Math.ceil(more / population) }),
  };
}

/** For the history of a run whose budget was raised. */
export function budgetRaised(stored: SearchSettings, budget: Budget): Warning {
  const changes = Object.entries(budget).map(
    ([name, now]) => `${name} from ${stored[name as keyof Budget]} to ${now}`,
  );
  return {
    code: 'budget-raised',
    message: 'The run was continued with a larger budget than it started with.',
    hint: 'Its candidates are the same as in a run that started with that budget.',
    count: changes.length,
    examples: changes,
  };
}

/**
 * Compares options given on a resume with those of the run; what is not given, or may differ, is not compared.
 * Throws `settings-contradict` naming every option that differs, with both values.
 */
export function assertSameSettings(
  stored: SearchSettings,
  given: Readonly<Partial<SearchSettings>>,
): void {
  const names = Object.keys(given) as (keyof SearchSettings)[];
  const different = names
    .filter((name) => searchSettings[name].freeOnResume !== true)
    .filter((name) => given[name] !== undefined && !isDeepStrictEqual(given[name], stored[name]));
  const differences = different.map(
    (name) => `${name} is ${show(stored[name])} in the run and ${show(given[name])} here`,
  );
  if (differences.length === 0) return;
  throw new WorkbenchError(
    'settings-contradict',
    `The run was made with other settings: ${differences.join('; ')}.`,
    different.some((name) => budgetNames.some((limit) => limit === name))
      ? 'A limit of candidates, generations or time can be raised where the run has one, and not lowered. Leave these options out to continue the run as it was started.'
      : 'Leave these options out to continue the run as it was started, or start a new run with them.',
  );
}

function show(value: SearchSettings[keyof SearchSettings] | undefined): string {
  return value === null || value === undefined ? 'not set' : JSON.stringify(value);
}
