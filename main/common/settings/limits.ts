/** What networks may cost. */
import { count } from '../figures.ts';
import { isTimed } from '../latency-sources.ts';
import { numberSetting, type FormFacts } from './describe.ts';

const noLimit = 'no limit';
const sizeFault = 'A whole number such as 500 k or 1.5 M, or empty for no limit.';

/** The size of a known network, for comparison. */
const sizeHint =
  (measure: 'parameters' | 'macs') =>
  ({ baseline }: FormFacts): string =>
    baseline === null
      ? 'Empty for no limit; 500 k and 1.5 M are understood'
      : `The ${baseline.name} network has ${count(baseline[measure])}`;

export const limitSettings = {
  maxParameters: numberSetting({
    range: { from: 1, whole: true },
    optional: true,
    initial: null,
    option: {
      flags: '--max-parameters <n>',
      help: 'largest number of parameters, such as 500k',
      reads: 'size',
    },
    field: {
      group: 'limits',
      rare: true,
      label: 'Parameters, at most',
      hint: sizeHint('parameters'),
      about:
        'Larger networks stay off the front. Parameters decide how large the file is and how much memory it takes.',
      fault: sizeFault,
      empty: noLimit,
    },
    words: (limit) => (limit === null ? null : `at most ${count(limit)} parameters`),
  }),
  maxMacs: numberSetting({
    range: { from: 1, whole: true },
    optional: true,
    initial: null,
    option: {
      flags: '--max-macs <n>',
      help: 'largest number of multiply-accumulates, such as 80M',
      reads: 'size',
    },
    field: {
      group: 'limits',
      rare: true,
      label: 'MACs, at most',
      hint: sizeHint('macs'),
      about:
        'Networks above it stay off the front. Multiply-accumulates measure the work of computing one image.',
      fault: sizeFault,
      empty: noLimit,
    },
    words: (limit) => (limit === null ? null : `at most ${count(limit)} MACs`),
  }),
  /** Milliseconds, as measured or estimated by the run's latency source. */
  maxLatencyMs: numberSetting({
    range: { above: 0, whole: false },
    optional: true,
    initial: null,
    before: null,
    option: {
      flags: '--max-latency <ms>',
      help: 'highest latency in milliseconds, of the source that --latency names',
    },
    field: {
      group: 'latency',
      shownFor: ({ latency }) => isTimed(latency),
      label: 'Latency in ms, at most',
      hint: 'Slower networks stay off the front; most are never tried',
      about:
        'A limit for the search: slower networks never reach the front. A cap in the chart, in contrast, can be set and removed later.',
      fault: 'Milliseconds above 0, or empty for no limit.',
      empty: noLimit,
      from: 1e-3,
      to: 3.6e6,
    },
    words: (limit) => (limit === null ? null : `at most ${limit} ms`),
  }),
};
