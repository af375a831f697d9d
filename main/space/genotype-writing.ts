/** How the labels of a network's genes become one text, and how that is taken apart again. */
import { cellEdges } from './backbones/nas-bench-201.ts';
import type { Decision } from './decisions.ts';
import type { NetworkDescription } from '../common/space-description.ts';

export interface GenotypeWriting {
  /** The canonical text of the labels of all genes, in their order. */
  join(labels: readonly string[]): string;
  /** A canonical text in pieces, each of labels joined by ":". */
  pieces(genotype: string): readonly string[];
  /** How many labels each piece has. */
  readonly lengths: readonly number[];
  /** The labels of a text that a person wrote; as many as it has, whether or not they fit the genes. */
  read(text: string): readonly string[];
}

export function genotypeWriting(
  { backbone }: NetworkDescription,
  genes: readonly Pick<Decision, 'part'>[],
): GenotypeWriting {
  const cell = 'kind' in backbone && backbone.kind === 'nas-bench-201';
  return cell && genes.length === cellEdges.length ? architectureString : plain(genes);
}

/** Genes joined by ":", the parts of a network, where one has several genes, by "/". */
function plain(genes: readonly Pick<Decision, 'part'>[]): GenotypeWriting {
  const parts = [...new Set(genes.map(({ part }) => part))];
  const grouped = parts.length < genes.length;
  const separators = genes.map(({ part }, i) => {
    if (i === 0) return '';
    return grouped && part !== genes[i - 1]!.part ? '/' : ':';
  });
  return {
    join: (labels) => labels.map((label, i) => separators[i]! + label).join(''),
    // Without a regular expression it is twice as fast, and long runs have it read for every row.
    pieces: (genotype) => (genes.length === 0 ? [] : genotype.split(grouped ? '/' : ':')),
    lengths: grouped ? runsOf(genes.map(({ part }) => part)) : genes.map(() => 1),
    read: (text) => text.split(/[/:]/),
  };
}

/** Lengths of the stretches of equal neighbours. */
function runsOf(names: readonly string[]): number[] {
  const starts = names.flatMap((name, i) => (i === 0 || name !== names[i - 1] ? [i] : []));
  return starts.map((start, k) => (starts[k + 1] ?? names.length) - start);
}

const before = cellEdges.map(([, to], i) => {
  if (i === 0) return '|';
  const [lastFrom, lastTo] = cellEdges[i - 1]!;
  return lastTo === to ? `~${lastFrom}|` : `~${lastFrom}|+|`;
});
const after = `~${cellEdges.at(-1)![0]}|`;
/** `|operation~0|+|operation~0|operation~1|+|...|` with any operations. */
const whole = new RegExp(
  `^${[...before, after].map((text) => text.replace(/[|+]/g, '\\$&')).join('([^|~]+)')}$`,
);

/**
 * As NAS-Bench-201 writes architectures: `|nor_conv_3x3~0|+|none~0|skip_connect~1|+|...|`, an edge as its operation
 * and the node that it comes from. Operations alone, joined by ":", are read as well: they need no quotes in a shell.
 */
const architectureString: GenotypeWriting = {
  join: (labels) => labels.map((label, i) => before[i]! + label).join('') + after,
  pieces: (genotype) => (whole.exec(genotype) ?? []).slice(1),
  lengths: cellEdges.map(() => 1),
  read: (text) => whole.exec(text)?.slice(1) ?? text.split(':'),
};
