/** What is traded against the score. */
import { latencyKinds, latencyTraits } from '../latency-sources.ts';
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
  /** Half the width of a latency's 95 % interval, in percent of the latency; null takes a fixed number of repeats. */
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
        'Half the width of the 95 % interval of a latency, as a share of it. It is meant to hold the median of later measurements in 95 of 100 cases; on a computer that throttles unseen it held 83.',
      fault: 'A percentage above 0, at most 100, or empty for a fixed number of repeats.',
      empty: 'fixed repeats',
      from: 0.1,
    },
    words: (percent) => (percent === null ? null : `latencies known within ±${percent} %`),
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
