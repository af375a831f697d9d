/** The tasks of networks; a task decides loss, images and heads. */

export const tasks = ['classification', 'segmentation', 'detection'] as const;
export type Task = (typeof tasks)[number];

/** Strength of the bias correction in the paper, for each task (method, section 2). */
export const betaOfTask: Readonly<Record<Task, number>> = {
  classification: 1,
  segmentation: 2,
  detection: 1,
};

/** How many images ship with the product for each task. */
export const embeddedImages: Readonly<Record<Task, number>> = {
  classification: 256,
  segmentation: 40,
  detection: 40,
};
