/** Words about the images that are scored. */
import { integer } from '../ground/words/format.ts';
import { plural } from '../ground/words/plural.ts';

export const imagesText = {
  see: 'See the images',
  seeShort: 'Images',
  seeHint: 'The batches as networks get them, with classes, boxes or masks',
  notYet: 'Fix the marked fields first.',
  title: 'Images as they are scored',
  close: 'Close (Esc)',
  batch: (at: number, of: number) => `Batch ${at} of ${of}`,
  previous: 'Previous batch',
  next: 'Next batch',
  size: 'Size of the images',
  masks: 'Masks',
  strength: 'Strength of the masks',
  boxes: 'Boxes',
  again: 'Read again',
  reading: 'Reading the images…',
  arrived: (images: number, of: number) => `${integer(images)} of ${plural(of, 'image', 'images')}`,
  grid: (batch: number) => `Images of batch ${batch}`,
  legend: 'Classes in this batch',
  ignored: 'ignored by the loss',
  noClasses: 'No objects in this batch.',
  images: (n: number) => plural(n, 'image', 'images'),
  boxesOf: (n: number) => plural(n, 'box', 'boxes'),
  image: (place: number, what: string) => `Image ${place}${what === '' ? '' : `: ${what}`}`,
  withMask: 'with its mask',
} as const;
