import type { Command } from 'commander';
import type { FarmPhone, WorkerRecord } from '../../common/farm.ts';
import type { CliEnvironment } from '../environment.ts';
import { withServices } from '../environment.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { StoppedAsAsked } from '../errors.ts';
import { addFarmOptions, farmAccess, type FarmOptions } from '../farm-options.ts';
import { oneOf, threads, typedDuration } from '../options.ts';
import { runnerNames } from '../../common/phone-settings.ts';
import { addRunnerOptions, runnerSettings, type RunnerOptions } from '../runner-options.ts';
import { plural } from '../../common/figures.ts';
import { shownInLine } from '../../common/shown.ts';

interface Options extends FarmOptions, RunnerOptions {
  readonly farm?: string;
  readonly phones?: string;
  readonly phonesOnly?: boolean;
  readonly threads?: number;
  readonly lease?: number;
  readonly json?: boolean;
}

const reportMs = 60_000;

/** `zico worker`: makes this computer score, and its phones measure, for the searches of a farm until told to stop. */
export function addWorkerCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('worker')
    .description('score, and measure on phones, for the searches of a farm, until told to stop')
    .option('--farm <url>', 'Redis or Valkey of the farm, such as rediss://farm.example.org:6380')
    .option(
      '--threads <n>',
      'threads for scoring, all candidates together (default: one per processor)',
      threads,
    )
    .option(
      '--lease <duration>',
      'how long after its last sign of life its jobs go to another worker (default: 30s)',
      typedDuration,
    );
  command
    .option(
      '--phones <which>',
      'phones that measure: all that are plugged in, none, or serials with commas between them (default: all)',
    )
    .option('--phones-only', 'leave the processors alone: only phones work')
    .option(
      '--runner <name>',
      'a runner of your own for phones, beside those of the product: tflite or command',
      oneOf(runnerNames.filter((name) => name === 'tflite' || name === 'command')),
    );
  addFarmOptions(addRunnerOptions(command))
    .option('--json', 'print a JSON document a line')
    .addHelpText(
      'after',
      `
It prints a line a minute. SIGTERM or Ctrl-C: what has begun is finished within ten seconds or given back.
Searches whose engine, version or instructions differ give it nothing, and both sides say why.
A phone is taken while there is work for it and left to others 20 s after; one that is hot, away or taken by
another program is waited for, and its networks go to another phone of the model.

Examples:
  zico worker --farm redis://127.0.0.1:6379
  ZICO_FARM_PASSWORD=... zico worker --farm rediss://farm.example.org:6380 --farm-ca ca.pem
  zico worker --farm redis://127.0.0.1:6379 --threads 4 --json
  zico worker --farm redis://127.0.0.1:6379 --phones-only --phones R58M123ABC`,
    )
    .action((options: Options) => work(options, environment));
}

async function work(options: Options, environment: CliEnvironment): Promise<void> {
  const { farm: url, lease, json } = options;
  if (url === undefined) throw badArguments('A worker needs a farm.', 'Add --farm URL.');
  const access = await farmAccess(url, options);
  const { interrupted, stdout, stderr } = environment;
  await withServices(environment, async (services) => {
    const { tflite, command } = runnerSettings(options);
    const wish = {
      threads: options.phonesOnly ? 0 : (options.threads ?? null),
      leaseMs: lease === undefined ? null : lease * 1000,
      phones: phonesNamed(options.phones),
      runners: { tflite, command },
    };
    const { worker, farm, phones, warning } = await services.farms.openWorker(access, wish);
    if (warning !== null) stderr.write(`warning: ${warning}\n`);
    const say = (): void => {
      const record = worker.record();
      const trouble = farm.trouble()?.message ?? null;
      const lacking = phones !== null && options.phones !== undefined ? phones.trouble() : null;
      if (lacking !== null) worker.tally.error(lacking.message);
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
      await phones?.close();
      await farm.close();
    }
  });
  if (interrupted.aborted) throw new StoppedAsAsked();
}

/** Null is all that are plugged in. Throws `bad-arguments`. */
function phonesNamed(text = 'all'): readonly string[] | null {
  if (text === 'all') return null;
  if (text === 'none') return [];
  const serials = text.split(',').filter((serial) => serial !== '');
  if (serials.length > 0) return serials;
  throw badArguments('--phones names no phone.', 'It is all, none, or serials such as R58M123ABC.');
}

function greeting({ name, offer }: WorkerRecord, url: string): string {
  const engines = offer.engines.map(
    ({ name: engine, version, precision }) => `${engine} ${version} ${precision}`,
  );
  const gigabytes = (offer.memoryBytes / 1e9).toFixed(0);
  if (offer.threads === 0) return `${name} measures on phones for ${url}`;
  return `${name} works for ${url}: ${plural(offer.threads, 'thread', 'threads')}, ${offer.instructions}, ${gigabytes} GB; ${engines.join(', ')}`;
}

function line(record: WorkerRecord, trouble: string | null): string {
  const { state, phones, current, done, failed, givenBack, rate, unfit, errors } = record;
  const computing =
    current.length === 0
      ? state
      : `${current.length} at work${state === 'draining' ? ', draining' : ''}`;
  const parts = [computing, `${done} scored`, `${rate} a minute`];
  if (failed > 0) parts.push(`${failed} failed, the last: ${errors[0]?.message ?? ''}`);
  if (givenBack > 0) parts.push(`${givenBack} given back`);
  for (const phone of phones) parts.push(phoneInWords(phone));
  for (const [run, why] of Object.entries(unfit)) parts.push(`nothing of ${run}: ${why}`);
  if (trouble !== null) parts.push(trouble);
  return parts.join('; ');
}

function phoneInWords({ serial, model, state, message, measured, failed }: FarmPhone): string {
  const said = message === null ? state : `${state}: ${message}`;
  const failures = failed > 0 ? `, ${failed} failed` : '';
  return `phone ${serial} (${model}) ${said}, ${measured} measured${failures}`;
}
