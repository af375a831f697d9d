/** The table of candidates. */
import { genotypeText } from '../../open-run/genotype/text.ts';
import { sizeColumns } from '../../score/text.ts';

export const tableText = {
  label: 'Candidates',
  region: 'Table of candidates',
  filter: 'Which candidates',
  front: 'Front',
  all: 'All',
  failed: 'Failed',
  candidate: 'Candidate',
  genotype: genotypeText.title,
  estimate: 'Estimate',
  score: 'Score',
  estimateOf: (name: string) => `Estimate of ${name}`,
  deviation: '±',
  frontShare: 'On front',
  latency: 'Latency, ms',
  latencyError: '±',
  latencyErrorFull:
    'Half the width of what is known of the latency, in percent; ? where it is doubtful',
  zico: 'ZiCo',
  bias: 'Bias',
  macs: sizeColumns.macs,
  parameters: sizeColumns.parameters,
  reason: 'Reason',
  emptyFront: 'The front is empty: nothing has been evaluated yet.',
  emptyAll: 'No candidate yet.',
  emptyFailed: 'Nothing failed.',
} as const;
