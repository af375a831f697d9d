/** What is searched, and with which images networks are scored. */
import { z } from 'zod';
import { customSetting } from './describe.ts';

export const networkSettings = {
  space: customSetting({
    schema: z.string(),
    control: 'space',
    initial: 'nats-sss',
    option: {
      flags: '--space <name>',
      help: 'search space: a name, or a file FILE.json that describes one',
    },
    field: {
      group: 'networks',
      label: 'Search space',
      hint: '',
      about:
        'All networks that can be found. A space lists choices such as channels, kernels and repeats, stage by stage; one choice of each makes a network.',
    },
    words: (space) => space,
  }),
  /** Folder or file with images, or null for the images that ship with the product. */
  data: customSetting({
    schema: z.string().nullable(),
    control: 'data',
    initial: null,
    option: {
      flags: '--data <path>',
      help: 'images with classes: a file or folder, see "zico data kinds"',
      leftOut: 'those shipped with zico',
      reads: 'path',
    },
    field: { group: 'networks', label: 'Images', hint: '' },
  }),
};
