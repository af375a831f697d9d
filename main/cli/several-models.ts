/** Several models in one command: handled one after another, each with a result or an error, and ranked at the end. */
import { toCsv } from '../common/csv.ts';
import { shown } from '../common/shown.ts';
import type { ErrorReport } from '../errors.ts';
import { refuseCsvBesideJson } from './csv-option.ts';
import type { CliEnvironment } from './environment.ts';
import { commandReport, ProblemsFound } from './errors.ts';
import { table } from './table.ts';

export interface SeveralOptions {
  readonly json?: boolean;
  readonly csv?: true;
}

/** A column of the table and of the CSV, with a value for every model. */
export interface ModelColumn<R> {
  readonly title: string;
  readonly key: string;
  readonly value: (result: R) => number | string | null;
  /** The value as people read it; by default the value itself. */
  readonly words?: (result: R) => string;
}

export interface ModelsWork<R> {
  readonly one: (model: string) => Promise<R>;
  readonly columns: readonly ModelColumn<R>[];
  /** Negative where the first ranks before the second. */
  readonly compare: (a: R, b: R) => number;
  /** Models of different groups are not compared: each group has ranks of its own. By default all are one group. */
  readonly group?: (result: R) => string;
  /** A sentence on how the models are ranked, in how many groups. */
  readonly rankedBy: (groups: number) => string;
}

type Done<R> =
  | { readonly model: string; readonly result: R }
  | { readonly model: string; readonly error: ErrorReport };

/**
 * Prints with --json a line for each model as soon as it is done, else a table or CSV at the end. A model that fails
 * does not keep the others from being tried.
 * @throws WorkbenchError `bad-arguments` before anything is tried; ProblemsFound if any model failed, after everything
 *   was printed; the reason of an abort
 */
export async function withSeveralModels<R>(
  models: readonly string[],
  environment: CliEnvironment,
  options: SeveralOptions,
  work: ModelsWork<R>,
): Promise<void> {
  refuseCsvBesideJson(options, false);
  const all: Done<R>[] = [];
  for (const [i, model] of models.entries()) {
    if (!options.json) environment.stderr.write(shown(`${i + 1} of ${models.length}: ${model}\n`));
    const done = await tried(model, work.one, environment.interrupted);
    all.push(done);
    if (options.json) {
      const line = 'result' in done ? { ...done.result, model } : done;
      environment.stdout(`${JSON.stringify(line)}\n`);
    }
  }
  const results = all.flatMap((done) => ('result' in done ? [done] : []));
  const ranked = rankedIn(results, work);
  const failed = all.flatMap((done) => ('error' in done ? [done] : []));
  if (options.csv) environment.stdout(csvOf(ranked, failed, work.columns));
  else if (!options.json) environment.stdout(`${shown(tableOf(ranked, failed, work))}\n`);
  if (failed.length > 0) throw new ProblemsFound();
}

interface Ranked<R> {
  readonly model: string;
  readonly result: R;
  readonly group: string;
  /** From 1, in its group. */
  readonly rank: number;
}

/** Group after group, in the order in which they first came. */
function rankedIn<R>(
  results: readonly { readonly model: string; readonly result: R }[],
  { compare, group = () => '' }: ModelsWork<R>,
): readonly Ranked<R>[] {
  const names = new Set(results.map(({ result }) => group(result)));
  return [...names].flatMap((name) =>
    results
      .filter(({ result }) => group(result) === name)
      .toSorted((a, b) => compare(a.result, b.result))
      .map((one, i) => ({ ...one, group: name, rank: i + 1 })),
  );
}

async function tried<R>(
  model: string,
  one: ModelsWork<R>['one'],
  interrupted: AbortSignal,
): Promise<Done<R>> {
  try {
    return { model, result: await one(model) };
  } catch (error) {
    interrupted.throwIfAborted();
    return { model, error: commandReport(error) };
  }
}

function tableOf<R>(
  ranked: readonly Ranked<R>[],
  failed: readonly { readonly model: string; readonly error: ErrorReport }[],
  { columns, rankedBy }: ModelsWork<R>,
): string {
  const rows = ranked.map(({ model, result, rank }) => [
    String(rank),
    model,
    ...columns.map(({ value, words }) => words?.(result) ?? String(value(result) ?? '')),
  ]);
  const titles = columns.map(({ title }) => ({ title }));
  return [
    ...(rows.length === 0
      ? []
      : [
          table([{ title: 'rank' }, { title: 'model', align: 'left' }, ...titles], rows),
          rankedBy(new Set(ranked.map(({ group }) => group)).size),
        ]),
    ...failed.map(({ model, error }) => `${model}: ${error.message}\n  ${error.hint}`),
  ].join('\n');
}

function csvOf<R>(
  ranked: readonly Ranked<R>[],
  failed: readonly { readonly model: string; readonly error: ErrorReport }[],
  columns: readonly ModelColumn<R>[],
): string {
  const of = (value: (column: ModelColumn<R>) => number | string | null) =>
    Object.fromEntries(columns.map((column) => [column.key, value(column)]));
  const rows = ranked.map(({ model, result, rank }) => ({
    ...{ rank, model },
    ...of(({ value }) => value(result)),
    error: null,
  }));
  const errors = failed.map(({ model, error }) => ({
    ...{ rank: null, model },
    ...of(() => null),
    error: `${error.code}: ${error.message}`,
  }));
  return toCsv<Record<string, number | string | null>>([...rows, ...errors]);
}
