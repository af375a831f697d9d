/** What is said of how far a latency may be off. */
import { boundsLabels } from '../../../main/common/latency-bounds.ts';
import { virtualMachineCoverage } from '../../../main/common/measuring.ts';

export const latencyBoundsText = {
  basis: boundsLabels,
  /** Beside the basis where a figure is doubtful; `none` where it has no bounds. */
  doubtful: {
    interval: 'It stayed less certain than asked for.',
    'interval of 0.1': 'It never became steady.',
    unsteady: 'The device was not fit for measuring.',
    estimate: 'The network lies outside of what was measured.',
    'virtual machine': 'It stayed less certain than asked for.',
    none: 'It never became steady, and its uncertainty is not known.',
  },
  /** After a range, where it is not one of 95 %. */
  after: {
    interval: '',
    'interval of 0.1': ', of 0.1’s protocol',
    unsteady: ' at least, unsteady',
    estimate: ', nine in ten',
    'virtual machine': `, ${boundsLabels['virtual machine']}`,
  },
  /** What the bars of a chart stand for. */
  bars: {
    interval: '95 % of later measurements',
    'interval of 0.1': '95 %, of 0.1’s protocol',
    estimate: 'nine in ten estimates',
    'virtual machine': `${100 * virtualMachineCoverage} % of later measurements, on a virtual machine`,
  },
  barsLegend: 'What the bars of latencies stand for',
  doubtfulBar: 'not steady, or a guess',
  none: 'A single repeat: its uncertainty is not known.',
} as const;
