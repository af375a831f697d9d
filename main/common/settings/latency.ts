/** What is traded against the score. */
import { hostRunnerLabels, hostRunners, usualHostRunner } from '../host-runners.ts';
import { latencyKinds, latencyTraits, type LatencyKind } from '../latency-sources.ts';
import { phoneSettingsSchema } from '../phone-settings.ts';
import { usualInterval, usualRepeats } from '../measuring.ts';
import { choiceSetting, customSetting, numberSetting, type ShownFor } from './describe.ts';

const measured: ShownFor = ({ latency }) => latencyTraits[latency].by === 'measuring';

export const latencySettings = {
  latency: choiceSetting({
    choices: latencyKinds.map((value) => {
      const { label, hint } = latencyTraits[value];
      return { value, label, hint };
    }),
    initial: 'macs',
    option: {
      flags: '--latency <source>',
      help: 'what to trade against the score (phones of one model share it: phone:SERIAL,SERIAL)',
      reads: 'latency-source',
    },
    field: {
      group: 'latency',
      label: 'Latency',
      hint: '',
      about:
        'How long a network takes for one image. A search looks for high scores at low latencies, so its front depends on where that is measured.',
    },
    words: (kind) => latencyTraits[kind].words,
  }),
  /** Which phones measure, and how; null unless `latency` is `phone`. The command line has an option for each part. */
  phone: customSetting({
    schema: phoneSettingsSchema.nullable(),
    control: 'phone',
    initial: null,
    before: null,
    option: null,
    field: {
      group: 'latency',
      label: 'Phone',
      hint: '',
      shownFor: ({ latency }) => latency === 'phone',
    },
  }),
  /** How the numbers of the networks are kept that are measured. Estimates have their own. */
  latencyPrecision: choiceSetting({
    choices: [
      { value: 'float32', label: 'float32' },
      {
        value: 'float16',
        label: 'float16 weights',
        hint: 'Half the size; CPUs still compute in float32, accelerators in float16',
      },
      {
        value: 'int8',
        label: 'int8',
        hint: 'How phones run networks fast: integers throughout, one scale per channel of weights',
      },
    ],
    initial: 'float32',
    before: 'float32',
    option: {
      flags: '--latency-precision <kind>',
      help: 'measured latencies: float32, float16 (weights) or int8 networks',
    },
    field: {
      group: 'latency',
      place: 1,
      shownFor: measured,
      label: 'Precision',
      hint: 'What the networks are measured in',
      about:
        'The latency of an int8 network does not depend on its weights, so untrained candidates can be measured in int8. How much accuracy a trained network keeps in int8 is another question, which converting it answers.',
    },
    words: (precision) => (precision === 'float32' ? null : `latencies of ${precision} networks`),
  }),
  /** What measures on this computer; of phones their own settings say it. */
  hostRunner: choiceSetting({
    choices: hostRunners.map((value) => ({ value, label: hostRunnerLabels[value] })),
    initial: usualHostRunner,
    before: usualHostRunner,
    option: null,
    field: {
      group: 'latency',
      place: 1,
      rare: true,
      shownFor: ({ latency }) => latency === 'host',
      label: 'Measured with',
      hint: 'Latencies of different runtimes cannot be compared',
    },
    words: (runner) =>
      runner === usualHostRunner ? null : `measured with ${hostRunnerLabels[runner]}`,
  }),
  /** Half the width of the 95 % interval of a latency, in percent of it; null takes a fixed number of repeats. */
  intervalPercent: numberSetting({
    range: { above: 0, to: 100, whole: false },
    optional: true,
    initial: 100 * usualInterval,
    before: null,
    unshown: null,
    option: {
      flags: '--interval <percent>',
      help: 'measured latencies: repeats are taken until the 95 % interval is within this share of the median, such as 5%; none takes all repeats',
      reads: 'percent',
    },
    field: {
      group: 'latency',
      place: 1,
      rare: true,
      shownFor: measured,
      label: 'Interval, ±%',
      hint: 'A network is measured again until its latency is known this well',
      about:
        'Half the width of the 95 % interval of a latency, as a share of it. It is meant to hold the median of later measurements in 95 of 100 cases; on a computer that throttles unseen it held 80, on a virtual machine whose host has other guests 65, and is called so there.',
      fault: 'A percentage above 0, at most 100, or empty for a fixed number of repeats.',
      empty: 'fixed repeats',
      from: 0.1,
    },
    words: (percent, { latency }: { readonly latency: LatencyKind }) =>
      percent === null || latencyTraits[latency].by !== 'measuring'
        ? null
        : `latencies known within ±${percent} %`,
  }),
  /** Repeats on this computer; phones have settings of their own for that. */
  repeats: numberSetting({
    range: { from: 1, to: 100, whole: true },
    optional: false,
    initial: usualRepeats,
    before: 3,
    option: null,
    field: {
      group: 'latency',
      place: 1,
      rare: true,
      shownFor: ({ latency }) => latency === 'host',
      label: 'Repeats, at most',
      hint: 'If the interval is not reached by then, the latency is marked',
      fault: 'A whole number from 1 to 100.',
    },
  }),
};
