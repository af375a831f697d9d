import type { Command } from 'commander';
import type { WorkerRecord } from '../../common/farm.ts';
import type { CliEnvironment } from '../environment.ts';
import { withServices } from '../environment.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { StoppedAsAsked } from '../errors.ts';
import { addFarmOptions, farmAccess, type FarmOptions } from '../farm-options.ts';
import { threads, typedDuration } from '../options.ts';
import { shownInLine } from '../../common/shown.ts';

interface Options extends FarmOptions {
  readonly farm?: string;
  readonly threads?: number;
  readonly lease?: number;
  readonly json?: boolean;
}

const reportMs = 60_000;

/** `zico worker`: makes this computer score for the searches of a farm until it is told to stop. */
export function addWorkerCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('worker')
    .description('score for the searches of a farm, until told to stop')
    .option('--farm <url>', 'Redis or Valkey of the farm, such as rediss://farm.example.org:6380')
    .option(
      '--threads <n>',
      'threads for scoring, all candidates together (default: one a processor)',
      threads,
    )
    .option(
      '--lease <duration>',
      'how long after its last sign of life what it has begun goes to another (default: 30s)',
      typedDuration,
    );
  addFarmOptions(command)
    .option('--json', 'print a JSON document a line')
    .addHelpText(
      'after',
      `
It prints a line a minute. SIGTERM or Ctrl-C: what has begun is finished within ten seconds or given back.
Searches whose engine, version or instructions differ give it nothing, and both sides say why.

Examples:
  zico worker --farm redis://127.0.0.1:6379
  ZICO_FARM_PASSWORD=... zico worker --farm rediss://farm.example.org:6380 --farm-ca ca.pem
  zico worker --farm redis://127.0.0.1:6379 --threads 4 --json`,
    )
    .action((options: Options) => work(options, environment));
}

async function work(options: Options, environment: CliEnvironment): Promise<void> {
  const { farm: url, lease, json } = options;
  if (url === undefined) throw badArguments('A worker needs a farm.', 'Add --farm URL.');
  const access = await farmAccess(url, options);
  const { interrupted, stdout, stderr } = environment;
  await withServices(environment, async (services) => {
    const wish = {
      threads: options.threads ?? null,
      leaseMs: lease === undefined ? null : lease * 1000,
    };
    const { worker, farm, warning } = await services.farms.openWorker(access, wish);
    if (warning !== null) stderr.write(`warning: ${warning}\n`);
    const say = (): void => {
      const record = worker.record();
      const trouble = farm.trouble()?.message ?? null;
      const text = json
        ? JSON.stringify({ ...record, farm: farm.url, trouble })
        : shownInLine(line(record, trouble));
      stdout(`${text}\n`);
    };
    if (!json) stdout(`${shownInLine(greeting(worker.record(), farm.url))}\n`);
    else say();
    const timer = setInterval(say, reportMs);
    try {
      await worker.run(interrupted);
    } finally {
      clearInterval(timer);
      say();
      await farm.close();
    }
  });
  if (interrupted.aborted) throw new StoppedAsAsked();
}

function greeting({ name, offer }: WorkerRecord, url: string): string {
  const engines = offer.engines.map(
    ({ name: engine, version, precision }) => `${engine} ${version} ${precision}`,
  );
  const gigabytes = (offer.memoryBytes / 1e9).toFixed(0);
  return `${name} works for ${url}: ${offer.threads} threads, ${offer.instructions}, ${gigabytes} GB; ${engines.join(', ')}`;
}

function line(record: WorkerRecord, trouble: string | null): string {
  const { state, current, done, failed, givenBack, rate, unfit, errors } = record;
  const computing =
    current.length === 0
      ? state
      : `${current.length} at work${state === 'draining' ? ', draining' : ''}`;
  const parts = [computing, `${done} scored`, `${rate} a minute`];
  if (failed > 0) parts.push(`${failed} failed, the last: ${errors[0]?.message ?? ''}`);
  if (givenBack > 0) parts.push(`${givenBack} given back`);
  for (const [run, why] of Object.entries(unfit)) parts.push(`nothing of ${run}: ${why}`);
  if (trouble !== null) parts.push(trouble);
  return parts.join('; ');
}
