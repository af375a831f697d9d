import path from 'node:path';
import type { Command } from 'commander';
import { sweepResults, sweptRunOf, type Swept } from '../../analysis/sweep-results.ts';
import { settingsAsked } from '../../asked/configuration.ts';
import { readRun } from '../../asked/run-contents.ts';
import { newSearch, prepareSearch, resumedSearch } from '../../asked/search.ts';
import type { AskedServices } from '../../asked/services.ts';
import type { Spread } from '../../common/order-statistics.ts';
import { readSweep, type SweptSearch } from '../../asked/sweep.ts';
import { ensureFolder, writeSmallFileAtomically } from '../../atomic-write.ts';
import type { ErrorReport } from '../../errors.ts';
import { runFileExtension } from '../../store/run-file.ts';
import { hasRun, sweepStepOf } from '../../workbench/sweep-step.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { commandReport, ProblemsFound } from '../errors.ts';
import { followSearch } from '../follow-search.ts';
import { shownInLine } from '../../common/shown.ts';
import { span, table } from '../table.ts';

interface Options {
  readonly folder?: string;
  readonly json?: boolean;
}

/** `zico sweep FILE`: runs many searches, one after another. */
export function addSweepCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('sweep')
    .description('run many searches in order: a list of configurations, or one with lists, crossed')
    .argument('<file>', 'a .json or .yaml file: see docs/scripts.md')
    .option('--folder <folder>', 'where runs and state go (default: the file’s name, in ./runs)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The same command again goes on where it stopped: what is finished is left as it is, what was begun goes on.
A search that cannot start is reported, and the others go on; the exit code is 3 then.

Example: seeds.yaml
  space: nats-sss
  candidates: 60
  seed: [1, 2, 3]
  maxMacs: [20000000, 80000000]

  zico sweep seeds.yaml --folder runs/seeds`,
    )
    .action((file: string, options: Options) => sweep(file, options, environment));
}

async function sweep(file: string, options: Options, environment: CliEnvironment): Promise<void> {
  const searches = await readSweep(file);
  const folder = options.folder ?? path.join('runs', path.basename(file, path.extname(file)));
  await ensureFolder(path.resolve(folder));
  const { stderr, interrupted } = environment;
  const swept: Swept[] = searches.map(({ name, group }) => {
    const run = path.join(folder, `${name}${runFileExtension}`);
    return { ...{ name, group, run }, reached: null, error: null };
  });
  const state = () => sweepResults(swept);
  await withServices(environment, async (services) => {
    const keep = (): void => {
      const text = `${JSON.stringify({ file: path.resolve(file), ...state() }, null, 2)}\n`;
      writeSmallFileAtomically(path.join(folder, 'sweep.json'), text);
    };
    for (const [i, search] of searches.entries()) {
      const { run } = swept[i]!;
      const say = (what: string): void =>
        stderr.write(
          `search ${i + 1} of ${searches.length}, ${shownInLine(search.name)}: ${what}\n`,
        );
      let error: ErrorReport | null = null;
      if (!interrupted.aborted) {
        try {
          await searchOne(services, search, run, environment, say);
        } catch (reason) {
          if (!interrupted.aborted) {
            error = commandReport(reason);
            say(`${shownInLine(error.message)} ${shownInLine(error.hint)}`);
          }
        }
      }
      swept[i] = { ...swept[i]!, ...readIfThere(services, run), ...(error && { error }) };
      keep();
    }
  });
  const result = state();
  print(environment, options, { file, folder, ...result }, () => readable(result));
  if (!interrupted.aborted && result.searches.some(({ status }) => status === 'failed')) {
    throw new ProblemsFound();
  }
}

/** Starts or resumes the search; a finished one is left alone. Throws what a search throws. */
async function searchOne(
  services: AskedServices,
  { asked }: SweptSearch,
  run: string,
  environment: CliEnvironment,
  say: (what: string) => void,
): Promise<void> {
  const given = settingsAsked(asked);
  const step = await sweepStepOf(run, (file) => readRun(services, file).info.status);
  if (step === 'begins') {
    say('begins');
    const prepared = await prepareSearch(given, asked);
    await newSearch(services, prepared, run, asked, (file, begin) =>
      followSearch(file, prepared.settings, [], environment, begin),
    );
    return;
  }
  if (step === 'finished') {
    say('finished before');
    return;
  }
  say('goes on');
  await resumedSearch(
    services,
    run,
    // The folder's name implies these settings, so a resume need not repeat them.
    () => (given.data === undefined ? {} : { data: given.data }),
    asked,
    (contents, settings, begin) =>
      followSearch(run, settings, contents.candidates, environment, begin),
  );
}

function readIfThere(services: AskedServices, run: string): Pick<Swept, 'reached' | 'error'> {
  if (!hasRun(run)) return { reached: null, error: null };
  try {
    const { info, candidates } = readRun(services, run);
    return { reached: sweptRunOf(info, candidates), error: null };
  } catch (error) {
    return { reached: null, error: commandReport(error) };
  }
}

function readable({ searches, groups }: ReturnType<typeof sweepResults>): string {
  const failed = searches.filter(({ error }) => error !== null);
  return [
    table(
      [
        { title: 'search', align: 'left' },
        { title: 'status', align: 'left' },
        { title: 'evaluated' },
        { title: 'front' },
        { title: 'best score' },
        { title: 'time' },
      ],
      searches.map(({ name, status, evaluated, front, bestScore, elapsedSeconds }) => [
        name,
        status,
        String(evaluated),
        String(front),
        bestScore?.toFixed(2) ?? '-',
        span(elapsedSeconds),
      ]),
    ),
    ...(groups.length === 0
      ? []
      : [
          '',
          'Searches that differ in their seeds alone: median (least to most)',
          table(
            [
              { title: 'searches', align: 'left' },
              { title: 'front' },
              { title: 'best score' },
              { title: 'hypervolume, share of the best' },
            ],
            groups.map(({ runs, front, bestScore, hypervolume }) => [
              `${runs[0]} and ${runs.length - 1} more`,
              inWords(front, 0),
              inWords(bestScore, 2),
              inWords(hypervolume, 3),
            ]),
          ),
        ]),
    ...failed.map(({ name, error }) => `${name}: ${error!.message} ${error!.hint}`),
  ].join('\n');
}

function inWords({ median, least, most }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}
