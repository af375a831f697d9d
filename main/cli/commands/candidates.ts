import type { Command } from 'commander';
import { toCsv } from '../../common/csv.ts';
import { readRun } from '../../asked/run-contents.ts';
import { integer } from '../../common/figures.ts';
import { refuseCsvBesideJson, writeCsv, type CsvOption } from '../csv-option.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { candidateRows, columnsOf, type CandidateRow } from '../../workbench/candidate-rows.ts';
import { estimatesOfRun } from '../../workbench/run-contents.ts';
import { abbreviated, table } from '../table.ts';

interface Options extends CsvOption {
  readonly front?: boolean;
}

/** `zico candidates RUN`: all candidates of a run as a table for other programs. */
export function addCandidatesCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('candidates')
    .description('list all candidates of a run: scores, proxies, estimates, latencies, conditions')
    .argument('<run>', 'run file of a search')
    .option('--front', 'only those on the front')
    .option('--csv [file]', 'a line of CSV for every candidate, printed or written to a file')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  zico candidates runs/a.zico --csv candidates.csv\n  zico candidates runs/a.zico --front --json',
    )
    .action((run: string, options: Options) => candidates(run, options, environment));
}

async function candidates(
  run: string,
  options: Options,
  environment: CliEnvironment,
): Promise<void> {
  refuseCsvBesideJson(options);
  const rows = await withServices(environment, async (services) => {
    const contents = readRun(services, run);
    return candidateRows(contents, await estimatesOfRun(contents));
  });
  const listed = options.front ? rows.filter(({ onFront }) => onFront) : rows;
  if (options.csv !== undefined) {
    await writeCsv(options.csv, toCsv(listed, columnsOf(rows)), environment);
    if (!options.json) return;
  }
  print(environment, options, { run, candidates: listed }, () => readable(listed));
}

function readable(rows: readonly CandidateRow[]): string {
  const figure = (value: number | null, digits: number) => value?.toFixed(digits) ?? '-';
  const trained = rows.some(({ trainedAccuracy }) => trainedAccuracy !== null);
  return table(
    [
      { title: 'id' },
      { title: 'genotype', align: 'left' },
      { title: 'front', align: 'left' },
      { title: 'score' },
      { title: 'estimate' },
      { title: 'NEAR' },
      { title: 'latency ms' },
      { title: 'MACs' },
      { title: 'parameters' },
      ...(trained ? [{ title: 'trained', align: 'left' as const }] : []),
      { title: 'failure', align: 'left' },
    ],
    rows.map((row) => [
      row.id === null ? '+' : String(row.id),
      row.genotype,
      row.onFront ? 'yes' : '',
      figure(row.score, 2),
      figure(row.estimate, 2),
      figure(row.near, 1),
      figure(row.latencyMs, 3),
      abbreviated(row.macs),
      integer(row.parameters),
      ...(trained ? [reached(row)] : []),
      row.failureMessage ?? '',
    ]),
  );
}

const reached = ({ trainedAccuracy, trainedMetric, trainedData }: CandidateRow): string =>
  trainedAccuracy === null ? '' : `${trainedAccuracy} % ${trainedMetric} on ${trainedData}`;
