/** The model of a run's scores: what it expects and what it knows. */
import { integer } from '../../ground/words/format.ts';

export const modelText = {
  label: 'What the model expects',
  computing: 'The model is being fitted to the scores…',
  nothing: 'Nothing was scored yet: there is nothing to learn from.',
  front: (networks: number, scored: number) =>
    `${integer(networks)} networks on the front that is expected, ${integer(scored)} of them scored. It is the dashed line in the chart.`,
  of: (candidates: number) => `From ${integer(candidates)} candidates.`,
  genotype: 'Network',
  scoredAs: 'Scored as',
  notScored: 'not yet',
  besides: 'besides',
  estimate: 'Expected score',
  share: 'On the front',
  shareTitle: 'In how many draws of what the score may be the network is on the front',
  known: 'What it knows',
  foretold: (n: number, tau: string) =>
    `It foretold ${integer(n)} scores before they came out: Kendall τ ${tau}.`,
  few: 'A dozen scores have to be there before it can be held against what comes.',
  genes: 'What the choices of a gene are worth',
  lines: 'Beside the mean of the space: score as a full line, cost as a dashed one.',
  effect: (gene: string, choices: string) => `${gene}: ${choices}`,
  choice: (choice: string, score: string, cost: string) => `${choice} score ${score}, cost ${cost}`,
} as const;
