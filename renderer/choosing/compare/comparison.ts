/** What is compared about pinned candidates: one row per fact, one cell per candidate. */
import type { CandidateDetail, PageRow } from '../../../preload/contract.ts';
import { choosingText } from '../text.ts';
import { genotypeBlocks, type Genes } from '../../open-run/genotype/genotype.ts';
import { notesText } from '../../open-run/text.ts';
import { latencyBoundsText } from '../../ground/words/latency-bounds-text.ts';
import { count, fixed, signed } from '../../ground/words/format.ts';

export interface Compared {
  readonly row: PageRow;
  /** Undefined until it has been loaded. */
  readonly detail: CandidateDetail | undefined;
  readonly score: number;
  readonly note: string;
}

export interface ComparisonCell {
  readonly text: string;
  /** Against the reference; empty in the reference's own column and where there is nothing to say. */
  readonly delta: string;
  readonly differs: boolean;
  /** Share of the row's largest value, for a bar; null for what is not a size. */
  readonly share: number | null;
}

export interface ComparisonRow {
  readonly name: string;
  readonly cells: readonly ComparisonCell[];
}

export interface ComparisonSection {
  readonly title: string;
  readonly rows: readonly ComparisonRow[];
}

export interface ComparisonOptions {
  readonly reference: number;
  readonly genes: Genes;
  readonly scoreName: string;
  readonly latencyDecimals: number;
  readonly onlyDifferences: boolean;
}

type Value = number | null | undefined;

export function comparison(
  all: readonly Compared[],
  options: ComparisonOptions,
): ComparisonSection[] {
  const { reference, genes, scoreName, latencyDecimals } = options;
  const figure = (
    name: string,
    values: readonly Value[],
    write: (value: number) => string,
    delta: (difference: number) => string,
    bars = true,
  ): ComparisonRow => {
    const known = values.map((value) => (Number.isFinite(value) ? (value as number) : null));
    const largest = Math.max(...known.map((value) => Math.abs(value ?? 0)));
    const base = known[reference]!;
    return {
      name,
      cells: known.map((value) => ({
        text: value === null ? '–' : write(value),
        delta: value === null || base === null || value === base ? '' : delta(value - base),
        differs: value !== base,
        share: bars && value !== null && largest > 0 ? Math.abs(value) / largest : null,
      })),
    };
  };
  const plain = (name: string, texts: readonly string[]): ComparisonRow => ({
    name,
    cells: texts.map((text) => ({
      text,
      delta: '',
      differs: text !== texts[reference],
      share: null,
    })),
  });
  const signedCount = (difference: number): string =>
    `${difference > 0 ? '+' : '−'}${count(Math.abs(difference))}`;
  const ms = (value: number): string => fixed(value, latencyDecimals);
  const signedMs = (value: number): string => signed(value, latencyDecimals);
  const one = (value: number): string => fixed(value, 1);
  const signedOne = (value: number): string => signed(value, 1);

  const measured = all.some(({ row }) => row.latencyMs !== null);
  const timed = all.some(({ detail }) => (detail?.latency?.runsMs.length ?? 0) > 0);
  const sections: ComparisonSection[] = [
    {
      title: choosingText.genes,
      rows: genes.map(({ name }, i) =>
        plain(
          name,
          all.map(({ row }) => genotypeBlocks(row.values, genes)[i]!.text),
        ),
      ),
    },
    {
      title: choosingText.size,
      rows: [
        figure(
          choosingText.rows.parameters,
          all.map(({ row }) => row.parameters),
          count,
          signedCount,
        ),
        figure(
          choosingText.rows.macs,
          all.map(({ row }) => row.macs),
          count,
          signedCount,
        ),
        figure(
          choosingText.rows.layers,
          all.map(({ detail }) => detail?.layers.length),
          String,
          (n) => signed(n),
          false,
        ),
      ],
    },
    {
      title: choosingText.score,
      rows: [
        figure(
          scoreName,
          all.map(({ score }) => score),
          one,
          signedOne,
        ),
        figure(
          choosingText.rows.zico,
          all.map(({ row }) => row.zico),
          one,
          signedOne,
        ),
        figure(
          choosingText.rows.zicoCapped,
          all.map(({ row }) => row.zicoCapped),
          one,
          signedOne,
        ),
        figure(
          choosingText.rows.bias,
          all.map(({ row }) => row.bias),
          one,
          signedOne,
        ),
      ],
    },
  ];
  if (measured) {
    const rows = [
      figure(
        choosingText.rows.median,
        all.map(({ row }) => row.latencyMs),
        ms,
        signedMs,
      ),
    ];
    if (timed) {
      rows.push(
        plain(
          choosingText.rows.interval,
          all.map(({ detail }) => intervalText(detail, ms)),
        ),
        figure(
          choosingText.rows.least,
          all.map(({ detail }) => detail?.latency?.minMs),
          ms,
          signedMs,
          false,
        ),
        figure(
          choosingText.rows.p90,
          all.map(({ detail }) => detail?.latency?.p90Ms),
          ms,
          signedMs,
          false,
        ),
      );
    }
    sections.push({ title: choosingText.latency, rows });
  }
  if (all.some(({ note }) => note !== '')) {
    sections.push({
      title: notesText.note,
      rows: [
        plain(
          choosingText.rows.note,
          all.map(({ note }) => note),
        ),
      ],
    });
  }
  return sections
    .map(({ title, rows }) => ({
      title,
      rows: rows.filter(
        ({ name, cells }, i) =>
          // Without a correction the score is the ZiCo that stands below it.
          rows.findIndex((row) => row.name === name) === i &&
          (!options.onlyDifferences || cells.some(({ differs }) => differs)),
      ),
    }))
    .filter(({ rows }) => rows.length > 0);
}

function intervalText(
  detail: CandidateDetail | undefined,
  write: (value: number) => string,
): string {
  if (!detail) return choosingText.loading;
  const bounds = detail.latency?.bounds ?? null;
  if (bounds === null) return choosingText.noInterval;
  const text = `${write(bounds.lowMs)} to ${write(bounds.highMs)}`;
  return `${text}${latencyBoundsText.after[bounds.basis]}`;
}

/** Tab-separated, as spreadsheets accept it. */
export function asTable(names: readonly string[], sections: readonly ComparisonSection[]): string {
  const lines = [['', ...names]];
  for (const { rows } of sections) {
    for (const { name, cells } of rows) lines.push([name, ...cells.map(({ text }) => text)]);
  }
  return lines.map((cells) => cells.map(oneLine).join('\t')).join('\n');
}

const oneLine = (cell: string): string => cell.replace(/\s+/g, ' ');
