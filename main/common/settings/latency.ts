/** What is traded against the score. */
import { latencyKinds, latencyTraits } from '../latency-sources.ts';
import { phoneSettingsSchema } from '../phone-settings.ts';
import { choiceSetting, customSetting } from './describe.ts';

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
  /** Where latency is `phone`: which phones, and how; null else. The command line has an option for each part. */
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
};
