/** English text of warnings; their own sentences come with them. */
export const warningsText = {
  label: 'Warnings',
  short: (n: number) => `${n} ${n === 1 ? 'warning' : 'warnings'}`,
  examples: (shown: number, all: number) =>
    shown === all ? 'Which' : `The first ${shown} of ${all}`,
} as const;
