/** The page of a search: its progress, and what can be done with it. */
import { integer } from '../ground/words/format.ts';

export const runText = {
  loading: 'Opening the run…',
  back: 'Back to the searches',
  notOpened: 'This run could not be opened.',
  pause: 'Pause',
  pauseHint:
    'Networks being scored or measured are finished first; the engine and the phones stay ready.',
  stop: 'Stop',
  stopHint:
    'Ends the search and closes its file. Every finished candidate is kept; it can be resumed later.',
  resume: 'Resume',
  goOnWith: (more: number) => `Continue with ${integer(more)} more`,
  goOnWithHint:
    'Raises the budget of the run and goes on where it ended: with the candidates of a run that began with it.',
  readOnly: 'read-only',
  progress: 'Progress',
  candidates: 'candidates',
  of: 'of',
  rate: 'Rate',
  aMinute: 'a minute',
  timeLeft: 'Time left',
  elapsed: 'Time taken',
  computing: 'Computing',
  computingHint:
    'The share of the time in which the scoring processes computed, since the first score.',
  failed: 'Failed',
  now: 'Now',
  best: 'Highest score',
  phase: {
    idle: 'Idle',
    preparing: 'Preparing',
    scoring: 'Scoring',
    measuring: 'Measuring',
    confirming: 'Confirming the front',
  },
  confirmed: (done: number, planned: number) => `${integer(done)} of ${integer(planned)}`,
  confirmedHint:
    'The budget is spent. The best networks that the model expects are scored before the front is handed over; Stop ends this as well, and keeps everything.',
  measured: (name: string) => `${name}, until it is steady`,
  measuredHint:
    'The network runs again and again, with pauses, until its latency is known closely enough; a busy computer takes longer.',
  onThisComputer: 'on this computer',
  announce: (done: number, planned: number | null, state: string) =>
    `${state}. ${integer(done)}${planned === null ? '' : ` of ${integer(planned)}`} candidates evaluated.`,
  noValue: 'not known yet',
} as const;
