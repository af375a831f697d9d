/** English text about latencies that a phone measured. */
import { plural } from '../../ground/words/plural.ts';

export const phoneLatencyText = {
  unsteady: 'unsteady',
  reasons: {
    'frequency-fell': 'a core became slower meanwhile',
    'thermal-status': 'Android reported heat',
    'medians-drift': 'repeats were more than 5 % apart',
    'interval-not-reached':
      'it stayed less certain than asked for after the largest number of repeats',
  },
  never: (reasons: string) => `It never became steady (${reasons}); every run is counted anyway.`,
  steady: 'steady',
  worker: (serial: string, worker: string) => `; ${serial} at ${worker}`,
  corrected: 'Drift-corrected',
  drift: (percent: string, slower: boolean) =>
    `A reference model took ${percent} % ${slower ? 'more' : 'less'} than at the start. The median above is as measured.`,
  repeat: (n: number) => `Repeat ${n}`,
  table: 'Every repeat, with the phone’s state before and after',
  spread: (low: string, high: string) => `Every run, ${low} to ${high} ms`,
  slower: (n: number) => `${n} slower`,
  runsOf: (n: number) => plural(n, 'run', 'runs'),
  /** Of the phone, before and after. */
  facts: (of: { battery: string; cores: string; thermal: string; state: string }) =>
    [`${of.battery} °C`, `${of.cores} GHz`, `thermal status ${of.thermal}`, of.state]
      .filter(Boolean)
      .join(', '),
  power: { usb: 'charging, USB', ac: 'charging, mains', wireless: 'charging', none: 'unplugged' },
  screen: {
    awake: 'screen on',
    asleep: 'screen off',
    dreaming: 'screen saver',
    dozing: 'dozing',
    locked: 'locked',
  },
  counts: 'counts',
  to: (from: string, to: string) => (from === to ? from : `${from} to ${to}`),
  unknown: '–',
} as const;
