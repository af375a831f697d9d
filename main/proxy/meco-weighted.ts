/**
 * MeCo's cheap form (MeCo_opt of the paper named in meco.ts): of a few channels of every map instead of all, each
 * map weighted by how many channels it has. The authors draw the channels; here they are the first ones, which with
 * random weights is the same.
 */
import { leastEigenvalue } from './meco.ts';
import { readingOf, type ForwardProxy } from './proxy.ts';

const mostChannels = 8;

export const mecoWeighted: ForwardProxy = {
  pass: 'forward',
  images: 'few',
  reads: ['layer', 'norm', 'relu'],
  part({ channels, height, width }) {
    const taken = Math.min(channels, mostChannels);
    const dependent = taken > 1 && taken >= height * width;
    return dependent || height * width === 1
      ? null
      : { images: 1, channels: taken, columns: width };
  },
  score: (maps) =>
    readingOf(
      maps.reduce((sum, map) => {
        const { channels } = map.shape;
        return sum + channels * leastEigenvalue(map, Math.min(channels, mostChannels));
      }, 0),
    ),
};
