/** The model of a run's scores: what it expects and what it knows. */
import { plural } from '../../ground/words/plural.ts';
import { integer } from '../../ground/words/format.ts';

export const modelText = {
  label: 'What the model expects',
  computing: 'The model is being fitted to the scores…',
  nothing: 'Nothing has been scored yet, so there is nothing to learn from.',
  inCode: (file: string) =>
    `Networks that were not tried come from ${file}, whose code the window does not load: what was tried is in the other views.`,
  front: (networks: number, scored: number) =>
    `${plural(networks, 'network', 'networks')} on the expected front, ${integer(scored)} of them scored. It is the dashed line in the chart.`,
  of: (candidates: number) => `From ${plural(candidates, 'candidate', 'candidates')}.`,
  genotype: 'Network',
  scoredAs: 'Scored as',
  notScored: 'not yet',
  besides: 'besides',
  score: 'Score',
  scoreOf: (genotype: string) => `Score ${genotype}`,
  working: { score: 'being scored…', measure: 'being measured…', export: 'being exported…' },
  cancel: 'Cancel',
  measureOf: (genotype: string) => `Measure ${genotype}`,
  compareOf: (genotype: string) => `Compare ${genotype}`,
  ms: (figure: string) => `${figure} ms`,
  range: (low: string, high: string) => `${low} to ${high}`,
  measured: (genotype: string, ms: string, range: string | null, unsteady: boolean) =>
    `${genotype}: ${ms} ms${range === null ? '' : ` (${range})`}${unsteady ? ', not steady' : ''}.`,
  exportOf: (genotype: string) => `Export ${genotype}`,
  exported: (folder: string) => `Exported to ${folder}.`,
  estimate: 'Expected score',
  share: 'On the front',
  shareTitle:
    'How often the network is on the front when scores are drawn as the model believes them',
  known: 'What it knows',
  foretold: (n: number, tau: string) =>
    `It predicted ${integer(n)} scores before they were computed: Kendall τ ${tau}.`,
  few: 'It takes a dozen scores before its predictions can be compared with what follows.',
  genes: 'Which genes matter, and what their choices are worth',
  lines:
    'Those that move the score most first. Relative to the mean of the space: score as a bar, cost as a line across it. A press on a choice keeps the networks that have it in every view.',
  spreadOf: (gene: string, spread: string) =>
    `${gene}: its choices differ by ${spread} in the expected score`,
  effect: (gene: string, choices: string) => `${gene}: ${choices}`,
  choice: (choice: string, score: string, cost: string) => `${choice} score ${score}, cost ${cost}`,
} as const;
