/** Words of comparing the fronts of several runs. */
import { plural } from '../../ground/words/plural.ts';
import { categoryCount } from '../../ground/chart/palette.ts';
import { integer } from '../../ground/words/format.ts';

/** More could not be told apart by colour and shape. */
export const mostFronts = categoryCount;
export const runLetters = 'ABCDEFGH';

const against = (groups: readonly string[]): string => groups.join(' against ');
const listed = (groups: readonly string[]): string => groups.join('; ');

export const frontsText = {
  title: 'Compare fronts',
  command: 'Compare the fronts of searches',
  runs: 'Searches',
  add: 'Add a search…',
  addLabel: 'Add a search to the comparison',
  remove: (name: string) => `Remove ${name} from the comparison`,
  hide: (name: string) => `${name} in the picture`,
  subtitle: (runs: number) => `${runs} searches`,
  chart: 'Fronts: score against cost',
  help: 'Left and right walk the members of all fronts by cost, Enter opens one, plus and minus zoom, 0 shows everything. The table lists the members.',
  figures: 'Figures',
  members: 'Members',
  differences: 'Differences',
  common: 'In common',
  membersOf: 'Members of all fronts',
  beta: 'Correction β of all',
  capped: 'Term cap',
  crowd: 'All candidates',
  length: 'Compared after',
  wholeRuns: 'all candidates of each',
  first: (n: number) => `the first ${integer(n)} of each`,
  cost: { latency: 'Latency, ms', macs: 'MACs', parameters: 'Parameters' },
  hypervolume: 'Hypervolume',
  together: 'All together',
  hypervolumeNote:
    'Area below the front, cost on a logarithmic axis, from the worst cost and score of all runs.',
  candidates: 'Candidates',
  stand: 'Stand',
  standTitle: 'Members that no other front beats',
  run: 'Search',
  candidate: 'Candidate',
  score: 'Score',
  yes: 'beaten',
  no: 'stands',
  largest: (name: string, percent: string, next: string) =>
    `${name} covers most, ${percent} more than ${next}.`,
  equal: 'All cover the same area.',
  differencesNote:
    'By how many percent the area of the row’s front exceeds that of the column’s, both after as many candidates as the shorter of the two has.',
  difference: (one: string, other: string, share: string, isMore: boolean, length: number) =>
    `After ${plural(length, 'candidate', 'candidates')} each, the front of ${one} covers ${share} ${isMore ? 'more' : 'less'} than that of ${other}`,
  commonNote: 'Networks that both tried; in brackets those on both fronts.',
  overlap: (one: string, other: string, tried: number, fronts: number) =>
    `${one} and ${other} both tried ${plural(tried, 'network', 'networks')}, and ${integer(fronts)} are on both fronts`,
  otherSpace: 'Different spaces have no networks in common.',
  needTwo: 'There is no second search to compare with.',
  loading: 'Reading the searches…',
  noFront: 'One of the searches has no front yet.',
  open: (name: string) => `Open ${name}`,
  contradicts: 'Not everything can be compared:',
  /** Each is told which runs agree: "A, C", with what they have where that is short. */
  differs: {
    space: (groups: readonly string[]) => `They search different spaces (${listed(groups)}).`,
    data: (groups: readonly string[]) =>
      `They were scored on different images or on different samples of the same images (${against(groups)}), which changes scores as well.`,
    batches: (groups: readonly string[]) =>
      `The number or size of their batches differs (${against(groups)}), and scores depend on both.`,
    weights: (groups: readonly string[]) =>
      `Their initial weights come from different schemes (${against(groups)}).`,
    score: (groups: readonly string[]) =>
      `They were searched by different scores (${listed(groups)}): all are ranked as the first, as far as that was computed.`,
    latency: (groups: readonly string[]) =>
      `Their costs come from different sources (${against(groups)}), so all are shown by MACs.`,
  },
} as const;
