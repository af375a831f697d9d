/** Long tests that say how long something may take: nothing may run beside them. */
export const timedTests: readonly string[] = [
  'test/main/export/training/train-program.long.test.ts',
  'test/main/farm/waiting.long.test.ts',
  'test/main/task/scale.long.test.ts',
];
