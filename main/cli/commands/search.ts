import path from 'node:path';
import type { Command } from 'commander';
import { ensureFolder } from '../../export/atomic-write.ts';
import type { ScoringPlan } from '../../engine/scoring-plan.ts';
import { biasCorrected } from '../../proxy/zico.ts';
import type { Candidate, EvaluatedCandidate } from '../../search/candidate.ts';
import { paretoFront, rankingOf, scoreOf } from '../../search/pareto.ts';
import { assertSameSettings } from '../../search/settings-checks.ts';
import type { SearchSettings } from '../../search/settings.ts';
import { suggestedSettings } from '../../search/suggested-settings.ts';
import { spaceFrom, withResolution } from '../../space/index.ts';
import type { DescribedSpace } from '../../space/described-space.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { startTicker } from '../progress.ts';
import {
  addSearchOptions,
  defaultRunFile,
  givenSettings,
  newRunSettings,
  runToResume,
  type SearchOptions,
} from '../search-options.ts';
import { searchProgress } from '../search-progress.ts';
import type { CliServices, RunningSearch, SearchListener, SessionOptions } from '../services.ts';
import { abbreviated, grouped, scoredBy, table } from '../table.ts';

/** `zico search`: the main job. Ctrl-C stops it cleanly; --resume goes on. */
export function addSearchCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('search')
    .description('search a space for networks with a high score and a low latency');
  addSearchOptions(command)
    .addHelpText(
      'after',
      `
Every finished candidate is in the run file before it counts: after Ctrl-C or a crash the same command
with --resume goes on. A second Ctrl-C ends at once.

Examples:
  zico search
  zico search --latency macs --population 40 --candidates 400 --seed 7 --run runs/a.zico
  zico search --run runs/a.zico --resume --json`,
    )
    .action((options: SearchOptions) => search(options, environment));
}

async function search(options: SearchOptions, environment: CliEnvironment): Promise<void> {
  const given = givenSettings(options);
  const resumed = options.resume ? runToResume(options) : null;
  await withServices(environment, async (services) => {
    const ended =
      resumed === null
        ? await start(newRunSettings(given), options, environment, services)
        : await resume(resumed, given, options, environment, services);
    report(ended, options, environment, services);
  });
}

interface Ended {
  readonly run: string;
  readonly status: 'stopped' | 'finished';
  /** Null where the search ended before it scored. */
  readonly scoring: ScoringPlan | null;
  /** Networks that missed a constraint and were left out. */
  readonly rejected: number;
}

function sessionOf({ threads, workers = 'auto', engine }: SearchOptions): SessionOptions {
  return { threads: threads ?? null, workers, engine };
}

async function start(
  settings: SearchSettings,
  options: SearchOptions,
  environment: CliEnvironment,
  services: CliServices,
): Promise<Ended> {
  const space = await searchedSpace(settings, options); // a mistyped name should not leave a folder behind
  const { batchSize, beta } = suggestedSettings(space);
  settings = {
    ...settings,
    space: space.name,
    batchSize: options.batchSize ?? batchSize,
    beta: options.beta ?? beta,
  };
  const run = options.run ?? defaultRunFile(settings, new Date());
  await ensureFolder(path.dirname(path.resolve(run)));
  const ended = await follow(run, settings, [], environment, (onEvent) =>
    services.startSearch(settings, run, onEvent, sessionOf(options), space),
  );
  return { run, ...ended };
}

/** The named or described space, with the sizes of images that were typed. */
async function searchedSpace(
  { space }: SearchSettings,
  { scoringSize, deploymentSize }: SearchOptions,
): Promise<DescribedSpace> {
  const named = await spaceFrom(space);
  if (scoringSize === undefined && deploymentSize === undefined) return named;
  return withResolution(named, {
    ...(scoringSize && { scoring: scoringSize }),
    ...(deploymentSize && { deployment: deploymentSize }),
  });
}

async function resume(
  run: string,
  given: Partial<SearchSettings>,
  options: SearchOptions,
  environment: CliEnvironment,
  services: CliServices,
): Promise<Ended> {
  const stored = readRun(services, run);
  assertSameSettings(stored.info.settings, given);
  const ended = await follow(run, stored.info.settings, stored.candidates, environment, (onEvent) =>
    services.resumeSearch(run, onEvent, sessionOf(options)),
  );
  return { run, ...ended };
}

/** Runs a search to its end or to Ctrl-C, with progress on stderr. */
async function follow(
  run: string,
  settings: SearchSettings,
  earlier: readonly Candidate[],
  environment: CliEnvironment,
  begin: (onEvent: SearchListener) => Promise<RunningSearch>,
): Promise<Omit<Ended, 'run'>> {
  const { stderr, interrupted } = environment;
  const progress = searchProgress(settings, earlier, () => performance.now());
  const ticker = startTicker(stderr, () => progress.line());
  let scoring: ScoringPlan | null = null;
  let rejected = 0;
  const hear: SearchListener = (event) => {
    rejected = event.rejected ?? rejected;
    progress.hear(event);
    if (scoring === null && event.scoring?.note) ticker.note(event.scoring.note);
    scoring = event.scoring ?? scoring;
    if (event.candidate?.status === 'failed') {
      const { id, genotype, failure } = event.candidate;
      ticker.note(`candidate ${id} (${genotype}) failed: ${failure.message}`);
    }
    ticker.changed();
  };
  let running: RunningSearch | null = null;
  const stop = () => {
    ticker.note('stopping; press Ctrl-C again to end at once');
    running?.stop();
  };
  interrupted.addEventListener('abort', stop, { once: true });
  try {
    running = await begin(hear);
    ticker.note(`run file ${run}`);
    if (interrupted.aborted) running.stop(); // while it was preparing
    const status = await running.finished;
    return { status, scoring, rejected };
  } finally {
    interrupted.removeEventListener('abort', stop);
    ticker.stop();
  }
}

function readRun(services: CliServices, run: string) {
  const reader = services.openRunReadOnly(run);
  try {
    return { info: reader.info(), candidates: reader.candidates() };
  } finally {
    reader.close();
  }
}

function report(
  { run, status, scoring, rejected }: Ended,
  options: SearchOptions,
  environment: CliEnvironment,
  services: CliServices,
): void {
  const { info, candidates } = readRun(services, run);
  const { settings } = info;
  const front = paretoFront(candidates, rankingOf(settings));
  const failed = candidates.filter((candidate) => candidate.status === 'failed').length;
  const evaluated = candidates.length - failed;
  const result = {
    run,
    seed: settings.seed,
    status,
    settings,
    scoring,
    evaluated,
    failed,
    /** Proposed, beyond a limit, and left out. */
    rejected,
    front: front.map((candidate) => frontEntry(candidate, settings)),
  };
  print(environment, options, result, () =>
    [
      `${grouped(evaluated)} candidates evaluated, ${failed} failed, ${grouped(rejected)} networks beyond the limits passed over; ${front.length} on the front:`,
      frontTable(front, settings),
      ...estimateNote(front),
      ...(scoring === null ? [] : [scoredBy(scoring)]),
      '',
      status === 'stopped'
        ? `Stopped. Go on with: zico search --run ${run} --resume`
        : `Export one with: zico export --run ${run} --candidate ID --out FOLDER`,
    ].join('\n'),
  );
}

function frontEntry(candidate: EvaluatedCandidate, { beta, termCap }: SearchSettings) {
  const { zico, zicoCapped, bias } = candidate.score;
  const capped =
    termCap === null ? {} : { zicoCapped, zicoBcCapped: biasCorrected(zicoCapped, bias, beta) };
  return {
    id: candidate.id,
    genotype: candidate.genotype,
    zico,
    bias,
    zicoBc: biasCorrected(zico, bias, beta),
    ...capped,
    latencyMs: candidate.latency?.latencyMs ?? null,
    latencyConditions: candidate.latency?.conditions ?? null,
    macs: candidate.macs,
    parameters: candidate.parameters,
    generation: candidate.generation,
  };
}

function isEstimated({ latency }: EvaluatedCandidate): boolean {
  return latency?.conditions.estimate !== undefined;
}

/** An estimate is never shown without its error. */
function estimateNote(front: readonly EvaluatedCandidate[]): string[] {
  const conditions = front.find(isEstimated)?.latency?.conditions;
  const estimate = conditions?.estimate;
  if (!conditions || !estimate) return [];
  const beyond = front.filter(
    (one) => one.latency?.conditions.estimate?.withinMeasuredRange === false,
  );
  return [
    `Latencies are estimated for ${conditions.device}: off by ${estimate.medianPercent.toFixed(1)} % in the median and at most ${estimate.p90Percent.toFixed(1)} % in nine of ten networks that were measured.`,
    ...(beyond.length > 0
      ? [
          `${beyond.length} of these networks are smaller or larger than all that were measured: their error is unknown.`,
        ]
      : []),
  ];
}

function frontTable(front: readonly EvaluatedCandidate[], settings: SearchSettings): string {
  const ranking = rankingOf(settings);
  return table(
    [
      { title: 'id' },
      { title: 'genotype', align: 'left' },
      { title: settings.termCap === null ? 'ZiCo-BC' : `ZiCo-BC, cap ${settings.termCap}` },
      { title: 'ZiCo' },
      { title: 'bias' },
      { title: front.some(isEstimated) ? 'estimated ms' : 'latency ms' },
      { title: 'MACs' },
      { title: 'parameters' },
      { title: 'generation' },
    ],
    front.map((candidate) => [
      String(candidate.id),
      candidate.genotype,
      scoreOf(candidate.score, ranking).toFixed(2),
      candidate.score.zico.toFixed(2),
      candidate.score.bias.toFixed(2),
      candidate.latency?.latencyMs.toFixed(3) ?? '-',
      abbreviated(candidate.macs),
      grouped(candidate.parameters),
      String(candidate.generation),
    ]),
  );
}
