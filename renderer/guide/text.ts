/** The words of the guide's page. */
export const guideText = {
  title: 'Guide',
  subtitle: 'What everything is for; part of the program, no network needed',
  find: 'Search the guide',
  contents: 'Pages',
  back: 'Back',
  found: (count: number) =>
    count === 0 ? 'No section has these words.' : count === 1 ? 'One section' : `${count} sections`,
  command: (title: string) => `Guide: ${title}`,
} as const;
