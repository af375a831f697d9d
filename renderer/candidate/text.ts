/** Words of the page of one candidate. */
import { plural } from '../ground/words/plural.ts';

export const candidateText = {
  open: 'Open',
  openKeys: 'Its own page: network, layers, lineage (Enter)',
  back: 'Back to the search (Esc)',
  backShort: 'Search',
  page: 'Candidate',
  images: (description: string) => `Scored on ${description}`,
  place: (at: number, of: number) => `${at} of ${of} on the front`,
  unknown: (name: string) => `The run has no candidate ${name}.`,
  architecture: {
    title: 'Architecture',
    label: (name: string) => `Architecture of ${name}`,
    leadsNowhere: 'leads nowhere: a dead end',
    find: 'Find a layer',
    found: (at: number, of: number) => `${at} of ${of}`,
    nothing: 'no match',
    working: 'Laying out…',
    cancel: 'Cancel',
    zoomIn: 'Zoom in (+)',
    zoomOut: 'Zoom out (−)',
    fit: 'Show all of it (0)',
    foldAll: 'Fold all',
    unfoldAll: 'Unfold all',
    stage: (stage: string) => {
      const number = /^stage(\d+)$/.exec(stage)?.[1];
      if (number) return `Stage ${number}`;
      return stage.charAt(0).toUpperCase() + stage.slice(1);
    },
    layers: (n: number) => plural(n, 'layer', 'layers'),
    steps: (n: number) => plural(n, 'step', 'steps'),
    // A box's name begins with what it shows, because people who control the window by voice say what they see.
    fold: (stage: string, inside: string) => `${stage} ${inside}: fold`,
    unfold: (stage: string, shape: string, inside: string) =>
      `${stage} ${shape}, ${inside}: unfold`,
    hint: 'Deployed shapes',
    hintLong: 'Shapes are those of the deployed network; the table has those it was scored at.',
    keys: 'Arrow keys go from box to box, Enter folds and unfolds, drag moves, the wheel zooms.',
  },
  layers: {
    title: 'Layers',
    byStage: 'By stage',
    flat: 'Flat',
    view: 'How layers are listed',
    kernel: 'Kernel',
    parameters: 'Params',
    macs: 'MACs',
    gradient: '|g|',
    gradientLong: 'Norm of the weight gradient, mean over the batches',
    perBatch: (norms: string) => `Gradient norms of the batches: ${norms}`,
    failed: 'It was never scored, so its layers have no terms.',
  },
  score: {
    title: 'Score',
    again: 'Score again',
    againTitle: 'Scores it again, the way its run did. Nothing is stored.',
    same: (seconds: string, engine: string) =>
      `Scored again in ${seconds} by ${engine}: it matches the stored score to the bit.`,
    different: (n: number, names: string) =>
      `Scored again, and it differs${n > 0 ? ` in ${plural(n, 'layer', 'layers')}: ${names}` : ''}. The run file was changed, or this computer calculates differently from the one that searched.`,
    running: 'Scoring again…',
  },
  latency: {
    title: 'Latency',
    again: 'Measure again',
    againTitle: 'Measures its latency again, the way the run does. Nothing is stored.',
    estimateAgain: 'Estimate again',
    running: 'Measuring again…',
    noInterval: 'Its uncertainty was not recorded.',
    runsInOrder: 'Runs in order, so that drift shows',
    result: (now: string, before: string, change: string) =>
      `Now ${now} ms; the run has ${before} ms (${change}).`,
    otherConditions: 'It was measured under different conditions, so the two cannot be compared.',
    nowConditions: 'Conditions now',
  },
  cancel: 'Cancel',
  front: {
    title: 'On the front',
    chart: (name: string) => `Where ${name} stands: score against cost, with the front`,
    member: (at: number, of: number) => `Member ${at} of ${of}, from the cheapest.`,
    knee: 'The knee: the front bends most here.',
    dominated: (names: string) => `Dominated by ${names}: no costlier, with a higher score.`,
  },
  lineage: {
    title: 'Lineage',
    label: (name: string) => `Parents and children of ${name}`,
    parents: 'Parents',
    children: 'Children',
    none: 'none',
    noChildren: 'none yet',
    orphan: (why: string) => `Without parents: ${why}.`,
    more: (n: number) => `and ${n} more`,
  },
  busy: 'Something else is being computed.',
  palette: {
    open: (name: string) => `Open ${name}`,
    back: 'Back to the search',
    scoreAgain: (name: string) => `Score ${name} again`,
    giveZico: (name: string) => `Compute ZiCo of ${name}`,
    measureAgain: (name: string) => `Measure ${name} again`,
    foldAll: 'Fold all stages',
    unfoldAll: 'Unfold all stages',
    fit: 'Show the whole architecture',
    next: 'Next candidate of the table',
    previous: 'Previous candidate of the table',
  },
} as const;
