/** Candidates of a run as text for other programs, as `zico candidates` writes them. */
import { toCsv } from '../common/csv.ts';
import { candidateRows, columnsOf, type CandidateRow } from './candidate-rows.ts';
import { contentsOf, estimatesOfRun, type ReadableRun } from './run-contents.ts';

/** `tabbed` is for spreadsheets, which take tabs from the clipboard. */
export type CandidateTextFormat = 'csv' | 'json' | 'tabbed';

export interface CandidateTextRequest {
  readonly format: CandidateTextFormat;
  /** Which candidates, in this order; null for all, and the networks that were scored outside the search. */
  readonly ids: readonly number[] | null;
  /** What the run is called, which stands in JSON: a path would tell whoever gets it about somebody's folders. */
  readonly name: string;
}

export async function candidatesAsText(
  run: ReadableRun,
  { format, ids, name }: CandidateTextRequest,
): Promise<string> {
  const contents = contentsOf(run);
  const rows = candidateRows(contents, await estimatesOfRun(contents));
  const listed = ids === null ? rows : inOrder(rows, ids);
  if (format === 'json') return `${JSON.stringify({ run: name, candidates: listed }, null, 2)}\n`;
  return toCsv(listed, columnsOf(listed), format === 'csv' ? ',' : '\t');
}

function inOrder(rows: readonly CandidateRow[], ids: readonly number[]): CandidateRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
