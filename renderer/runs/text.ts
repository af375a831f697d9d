/** Words of what one does with a run from the list. */
export const runsText = {
  notARun: (name: string) => ({
    code: 'not-a-run-file',
    message: `${name} is no run.`,
    hint: 'Drop a .zico file to open it. ONNX models are dropped on the page “Score a model”, descriptions of spaces on “Search spaces”.',
  }),
  trend: (name: string) => `How the front of ${name} grew: its hypervolume by generation`,
  trendTitle: 'Front',
  menu: (name: string) => `More for ${name}`,
  duplicate: 'Duplicate with changes…',
  tags: 'Tags…',
  trash: 'Move to trash…',
  tagsLabel: (name: string) => `Tags of ${name}`,
  tagsHint: 'Words by which you find it again, separated by commas.',
  tagsSave: 'Keep',
  tagsCancel: 'Cancel',
  tagsTooMany: 'At most 20 tags of up to 40 characters.',
  findTag: (tag: string) => `Find searches tagged ${tag}`,
  copyName: (name: string) => `${name} again`,
} as const;
