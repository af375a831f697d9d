/** What was trained of a run, and how its scores order that. */
export const trainedViewText = {
  label: 'Trained networks',
  nothing:
    'No trained model is attached. Train an exported network, then drop its ONNX file on the page of its candidate.',
  loading: 'Reading what is attached…',
  candidate: 'Candidate',
  accuracy: 'Accuracy',
  metric: 'Metric',
  data: 'Data set',
  search: 'ms, search',
  searchTitle: 'The latency of the search: measured, or predicted',
  float32: 'ms, float32',
  int8: 'ms, int8',
  order: 'How the scores order them',
  of: (metric: string, data: string, networks: number) =>
    `${metric} on ${data}, ${networks === 1 ? 'one network' : `${networks} networks`}`,
  few: 'From three networks of equal metric and data set on, the scores are held against them.',
  score: 'Score',
  ranks: 'ranks the run',
  networks: 'Networks',
  kendall: 'Kendall τ-b',
  spearman: 'Spearman',
  undefinedHint: 'Undefined: all values are equal',
  percent: (accuracy: number) => `${accuracy} %`,
} as const;
