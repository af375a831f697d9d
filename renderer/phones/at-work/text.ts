/** English text about phones that measure for a search. */
import { plural } from '../../ground/words/plural.ts';

export const atWorkText = {
  label: 'Phones of this search',
  state: {
    idle: 'Ready',
    starting: 'Starting the runner',
    measuring: 'Measuring',
    waiting: 'Waiting',
    away: 'Away',
  },
  idle: 'No candidate is waiting for it.',
  waitsFor: (phones: number) => (phones === 1 ? 'Waiting for the phone' : 'Waiting for the phones'),
  waited: (waited: string, limit: string) => `${waited} of ${limit} at most`,
  temperature: 'Temperature',
  frequency: 'Fastest core',
  frequencyLimit: (gigahertz: string) => `limited to ${gigahertz} GHz`,
  battery: 'Battery',
  power: { usb: 'USB', ac: 'mains', wireless: 'wireless', none: 'not charging' },
  queue: 'Queue',
  shared: 'Candidates waiting for a phone; all phones of the search share one queue.',
  measured: 'Measured',
  failed: (n: number) => `${n} failed`,
  last: 'Last',
  latencies: (n: number) => `Latencies of the last ${plural(n, 'candidate', 'candidates')}`,
  unknown: 'unknown',
  nothing: '–',
} as const;
