/** Words of how a search went. */
import { fixed, integer } from '../../ground/words/format.ts';
import { plural } from '../../ground/words/plural.ts';

export const courseText = {
  label: 'How the search went',
  hypervolume: 'Hypervolume, % of the latest',
  best: (score: string) => `Best score: ${score}`,
  correlation: 'Model: τ with scores that followed',
  tried: (n: number) => plural(n, 'candidate', 'candidates'),
  chart: (title: string, first: string, last: string, at: number) =>
    `${title}: ${first} at first, ${last} after ${plural(at, 'candidate', 'candidates')}`,
  step: (known: number, foretold: number, tau: number | null) =>
    `Knowing ${integer(known)} scores it foretold the next ${integer(foretold)}: τ ${tau === null ? 'undefined' : fixed(tau, 2)}`,
  nothing: 'Nothing has been scored yet.',
  fitting: 'The model is being fitted to the scores…',
  few: 'It takes a dozen scores before predictions can be compared with what follows.',
  noModel: 'The window fits no model to networks that come from code.',
  note: 'The line is where the timeline below the chart stands; a press in a picture moves it.',
} as const;
