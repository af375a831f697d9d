/** How data were adapted to a model, as warnings that go with its score. */
import type { Warning } from '../warning.ts';

export const syntheticWarning: Warning = {
  code: 'synthetic-data',
  message:
    'The images are noise and the targets random, so the score says nothing about the model on real pictures.',
  hint: 'Compare it only with scores on synthetic data of the same kind.',
  count: 1,
  examples: [],
};

export const fewerClassesWarning = (told: number, classes: number): Warning => ({
  code: 'fewer-classes-than-data',
  message: `The network tells ${told} classes apart, but the data have ${classes}: only the first ${told} were drawn.`,
  hint: 'Compare scores of the same number of classes only.',
  count: classes - told,
  examples: [],
});

export const transformWarning: Warning = {
  code: 'picture-transform-left-out',
  message:
    'The model takes a single picture and makes a batch of it. It was scored from the batch on: what it does with the picture before (normalising, resizing, padding) was left out.',
  hint: 'Give images as the network sees them: normalised, and of the size that it resizes them to.',
  count: 1,
  examples: [],
};
