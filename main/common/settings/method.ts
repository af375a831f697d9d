/** How networks are chosen, and how many candidates may be in flight. */
import { plural } from '../figures.ts';
import { choiceSetting, numberSetting, type FormFacts, type ShownFor } from './describe.ts';

/**
 * The search is guided by a model of the score, fitted while it runs, or uses NSGA-II, or is random.
 */
export const searchMethods = ['guided', 'nsga2', 'random'] as const;
export type SearchMethod = (typeof searchMethods)[number];

/** Candidates in a block, which stands in for a generation in a search without generations. */
export const blockSize = 20;
/** Default number of candidates of a search without generations. */
export const usualCandidates = 120;
/** Default number of candidates in flight. */
export const defaultInFlight = 16;

/** Defaults of a search with generations that differ from those of one without. */
export const generationalDefaults = {
  search: 'nsga2',
  inFlight: null,
  generations: 10,
  candidates: null,
} as const;

/** The rule by which a new guided search proposes (main/search/guided/rules.ts). */
export const latestGuidedRevision = 3;

/** Number of the block that holds a candidate, from 0. @param place of the candidate, from 1 */
export function blockOf(place: number): number {
  return Math.floor((place - 1) / blockSize);
}

/** The default expected gain from ten more candidates, in percent, below which a search ends by itself. */
export const usuallySettled = 0.2;

/** The number of further candidates offered for a finished search. */
export const offeredMore = 60;

/** True if a search has generations. */
export const generational: ShownFor = ({ search }) => search === 'nsga2';

const labels = {
  guided: {
    label: 'Guided by a model',
    hint: 'A model of the score, fitted as the search goes, says what is worth trying next',
    words: 'guided',
  },
  nsga2: {
    label: 'NSGA-II',
    hint: 'The best of each generation are recombined and varied',
    words: 'NSGA-II',
  },
  random: {
    label: 'At random',
    hint: 'Learns nothing: a baseline to compare with',
    words: 'random',
  },
} satisfies Record<SearchMethod, object>;

export const methodSettings = {
  /** Guided by default; all runs from before this setting used NSGA-II. */
  search: choiceSetting({
    choices: searchMethods.map((value) => {
      const { label, hint } = labels[value];
      return { value, label, hint };
    }),
    initial: 'guided',
    before: 'nsga2',
    option: {
      flags: '--search <method>',
      help: 'how networks are chosen: guided by a model of the score that is fitted on the way, nsga2 as the paper has it, or random',
      leftOut: 'guided; nsga2 where --population or --generations is given',
    },
    field: {
      group: 'budget',
      label: 'Networks are chosen',
      hint: '',
      about:
        'Guided search fits a model of the score to what was scored and tries what should improve the front most. Where accuracies stood in for scores it needed a fraction of the candidates. NSGA-II varies the best of each generation, as the paper does. Random learns nothing.',
    },
    // NSGA-II with whole generations is already described by their number.
    words: (method, { inFlight }: { readonly inFlight: number | null }) =>
      inFlight === null ? null : labels[method].words,
  }),
  /** Revision of the rule by which a guided search proposes: a run keeps the one it started with. */
  guidedRevision: numberSetting({
    range: { from: 1, to: latestGuidedRevision, whole: true },
    optional: false,
    initial: latestGuidedRevision,
    before: 1,
    option: null,
    field: {
      group: 'budget',
      label: 'Rule of proposing',
      hint: '',
      shownFor: () => false,
      fault: '',
    },
  }),
  /** How many candidates a run took over from another when it started; they are its first ones. */
  takenOver: numberSetting({
    range: { from: 0, whole: true },
    optional: false,
    initial: 0,
    before: 0,
    option: null,
    field: {
      group: 'budget',
      label: 'Taken over',
      hint: '',
      shownFor: () => false,
      fault: '',
    },
    words: (count) =>
      count === 0
        ? null
        : `started with ${plural(count, 'candidate', 'candidates')} of another run`,
  }),
  /**
   * How many candidates, L, may be in flight: proposal i depends on the results of proposals 1 to i - L.
   * Null evaluates whole generations, as the paper's NSGA-II and every run from before this setting does.
   */
  inFlight: numberSetting({
    range: { from: 1, to: 1024, whole: true },
    optional: true,
    initial: defaultInFlight,
    before: null,
    option: {
      flags: '--in-flight <n>',
      help: 'candidates that may be under way: each is chosen from all results except those of this many before it, however many processes score',
      leftOut: `${defaultInFlight}; nsga2 goes by whole generations unless this is given`,
    },
    field: {
      group: 'budget',
      place: 1,
      rare: true,
      label: 'In flight',
      hint: ({ values }: FormFacts) =>
        generational(values)
          ? 'Empty for whole generations, as in the paper'
          : 'Candidates under way while the next is chosen',
      about:
        'Each network is chosen without waiting for the last few before it, as many as this. That keeps as many processes or phones busy, and the result does not depend on how many there are or how fast they are.',
      fault: 'A whole number from 1 to 1,024.',
      empty: ({ values }: FormFacts) => (generational(values) ? 'none' : String(defaultInFlight)),
    },
    words: (inFlight) => (inFlight === null ? null : `${inFlight} in flight`),
  }),
  /**
   * A guided search ends by itself when ten more candidates are expected to add less than this share to the
   * front's hypervolume, in percent. Null continues until another limit is reached.
   */
  settledPercent: numberSetting({
    range: { above: 0, to: 100, whole: false },
    optional: true,
    initial: null,
    unshown: null,
    before: null,
    option: {
      flags: '--until-settled [percent]',
      help: `guided: stop once ten more candidates are expected to add less than this to the front's hypervolume (${usuallySettled} where no number is given)`,
      alone: usuallySettled,
    },
    field: {
      group: 'budget',
      place: 1,
      rare: true,
      shownFor: ({ search }) => search === 'guided',
      label: 'Until settled, %',
      hint: 'Ends once ten more would add less than this',
      about:
        'The model says how much the next candidate is expected to add to the area below the front. Where ten of them add less than this share, three times in a row, the search ends by itself.',
      fault: 'A number above 0, at most 100, or empty to go on.',
      empty: 'goes on',
      from: 0.001,
    },
    words: (percent) => (percent === null ? null : `until settled to ${percent} %`),
  }),
};
