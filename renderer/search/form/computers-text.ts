/** Which computers score a search, as its form says it. */
import { costOfMoreInFlight, type IdlePlaces } from '../../../main/common/farm-places.ts';
import { workersText } from '../../../main/common/farm-reasons.ts';
import { plural } from '../../ground/words/plural.ts';

export const computersText = {
  group: 'Computers',
  computers: 'Scored by',
  engines: 'Their engines',
  options: [
    { value: 'here', label: 'This computer' },
    { value: 'both', label: 'This computer and a farm' },
    { value: 'farm', label: 'A farm alone' },
  ],
  computerHints: {
    here: 'Others can score as well: see the page Computers',
    both: 'The result is that of this computer alone',
    farm: 'This computer proposes and keeps the run file',
  },
  engineOptions: [
    { value: 'same', label: 'The same everywhere' },
    { value: 'any', label: 'Any, for screening' },
  ],
  engineHints: {
    same: 'Scores compare to the last digit; others get nothing',
    any: 'Each score names its engine; last digits differ',
  },
  change: 'Change…',
  done: 'Done',
  open: 'Computers',
  places: (others: number, own: number) =>
    own === 0
      ? `${plural(others, 'candidate', 'candidates')} can be scored at once.`
      : `${plural(others + own, 'candidate', 'candidates')} can be scored at once, ${own} of them here.`,
  unfit: (workers: readonly string[], why: string) =>
    `${workersText(workers)} would get nothing: ${why}.`,
  idle: ({ atOnce, places, idle, generations }: IdlePlaces) =>
    generations
      ? `A generation has ${plural(atOnce, 'candidate', 'candidates')} and the farm ${places} places: ${idle} stand idle. A larger population uses them all; a guided search has no generations to wait for.`
      : `${plural(atOnce, 'candidate is', 'candidates are')} in flight and the farm has ${places} places: ${idle} stand idle.`,
  cost: costOfMoreInFlight,
  useInFlight: (n: number) => `Use ${n} in flight`,
  usePopulation: (n: number) => `Use a population of ${n}`,
  notConnected: 'The farm is not connected: connect it, or let this computer score alone.',
  noWorker: 'No worker of the farm can score this, and this computer is left out.',
  phones: {
    onFarm: (model: string, phones: number) =>
      `${model} on the farm, ${plural(phones, 'phone', 'phones')}`,
    note: (phones: number, workers: number) =>
      `${plural(phones, 'phone', 'phones')} on ${plural(workers, 'computer', 'computers')} of the farm share the work; each latency names its computer.`,
    gone: (model: string) => `No computer of the farm has a phone ${model} at the moment.`,
  },
} as const;
