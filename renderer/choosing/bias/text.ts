/** English text of what the bias panel finds. */
export const biasFindingsText = {
  depth: 'Depth',
  width: 'Width',
  least: 'least',
  most: 'most',
  chartLabel: 'Depth and width of the networks on the front, for plain ZiCo and at the chosen β',
  deepBefore: 'With plain ZiCo',
  deepShare: 'of the front sits at maximum depth.',
  deepNow: (beta: string) => `At β ${beta} it is`,
  andWidth: 'and mean width goes from',
  to: 'to',
  noShape:
    'Networks of this space differ in topology, so their depths and widths cannot be compared.',
  generations: 'All candidates, as the search went on',
  generationsLabel: (depth: string, width: string) =>
    `Means of all candidates so far: depth ${depth}, width ${width}`,
  deepByBeta: 'deep share by β',
  widthByBeta: 'width by β',
  apply: (beta: string) => `Use β ${beta}`,
  advice: {
    noRule: 'There is no rule for β here.',
    noRuleWhy: 'The rule goes by depth, which this space does not search.',
    fixedDepth: (most: string, unit: string) =>
      `The rule goes by depth, and every network has ${most} ${unit}.`,
    notNeeded: 'No correction is needed.',
    notNeededWhy: (share: string, networks: number) =>
      `With plain ZiCo ${share} of ${networks} on the front are at maximum depth, fewer than half.`,
    enough: (beta: string) => `β ${beta} is enough.`,
    enoughWhy: (before: string, after: string) =>
      `There most of the front leaves maximum depth: ${before} becomes ${after}.`,
    raise: (beta: string) => `Raise β to ${beta}.`,
    none: (beta: string) => `No β up to ${beta} is enough.`,
    noneWhy: (share: string) =>
      `Still ${share} are at maximum depth. Search again with a higher β: ranking can only choose among what was proposed.`,
  },
};

export const biasText = {
  title: 'Bias',
  counted: 'Counted over',
  ways: {
    deployment_live: 'Deployed size, layers with a gradient',
    deployment_all: 'Deployed size, all layers',
    scoring_live: 'Scored size, layers with a gradient',
    scoring_all: 'Scored size, all layers',
  },
  cap: 'Term cap',
  beta: 'Correction β',
  zero: '0 ZiCo',
  plainColumn: 'ZiCo, β 0',
  nowColumn: (beta: string) => `ZiCo-BC, β ${beta}`,
  channels: 'Mean channels on the front;',
  hollow: 'hollow: β 0',
  meaning: (before: string, after: string) =>
    before === after
      ? `Mean width of the front is ${after}, as with plain ZiCo.`
      : `Mean width of the front goes from ${before} with plain ZiCo to ${after}.`,
  kept: (kept: number, before: number) =>
    `${kept} of the ${before} on the front of plain ZiCo ${kept === 1 ? 'is' : 'are'} still on it.`,
  waiting: 'The effect of β on the front shows here once there is a front.',
} as const;
