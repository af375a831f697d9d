/** What is said of how far a latency may be off. */
export const latencyBoundsText = {
  basis: {
    interval: '95 %',
    'interval of 0.1': '95 %, of 0.1’s protocol',
    unsteady: 'Unsteady, at least',
    estimate: 'Nine in ten',
  },
  none: 'A single repeat: its uncertainty is not known.',
} as const;
