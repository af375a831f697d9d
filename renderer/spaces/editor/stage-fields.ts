/** The fields of a stage that a form shows. */

/** In the order of the form's columns. */
export const stageFields = [
  'channels',
  'kernel',
  'repeats',
  'stride',
  'expansion',
  'convolution',
  'squeezeExcite',
  'activation',
] as const;
export type StageField = (typeof stageFields)[number];
