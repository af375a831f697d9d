/** What networks are for: the task decides loss, images and heads. */

export const tasks = ['classification', 'segmentation', 'detection'] as const;
export type Task = (typeof tasks)[number];
