import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { FarmPhone, FarmStatus } from '../../common/farm.ts';
import { WorkbenchError } from '../../errors.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { wholeNumber } from '../options.ts';
import { demo, type DemoOptions } from './farm-demo.ts';
import { StoppedAsAsked } from '../errors.ts';
import { failuresByReason, getNothingText, unfitByReason } from '../../common/farm-reasons.ts';
import { addFarmOptions, farmAccess, type FarmOptions } from '../farm-options.ts';
import { shown, shownInLine } from '../../common/shown.ts';
import type { FarmWatch } from '../../workbench/farms.ts';
import { span, table } from '../table.ts';

interface StatusOptions extends FarmOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

interface DrainOptions extends FarmOptions {
  readonly undo?: boolean;
  readonly json?: boolean;
}

const watchMs = 2000;
const patienceMs = 3000;

/** `zico farm`: shows and manages the computers that score together. */
export function addFarmCommand(program: Command, environment: CliEnvironment): void {
  const farm = program.command('farm').description('look at the computers that score together');
  addFarmOptions(
    farm
      .command('status')
      .description('workers, their rate, jobs that wait, failures by reason')
      .argument('<url>', 'Redis or Valkey of the farm')
      .option('--watch', 'refresh every two seconds, until Ctrl-C'),
  )
    .option('--json', 'print JSON; with --watch a document a line')
    .addHelpText('after', '\nExample:\n  zico farm status redis://127.0.0.1:6379 --watch')
    .action((url: string, options: StatusOptions) => status(url, options, environment));
  addFarmOptions(
    farm
      .command('drain')
      .description('let a worker finish its jobs and take no more')
      .argument('<url>', 'Redis or Valkey of the farm')
      .argument('<worker>', 'its name or id, as zico farm status has them')
      .option('--undo', 'let it take jobs again'),
  )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  zico farm drain redis://127.0.0.1:6379 lab-3:4711')
    .action((url: string, worker: string, options: DrainOptions) =>
      drain(url, worker, options, environment),
    );
  farm
    .command('demo')
    .description(
      'try it on this computer: a Redis, two workers and a small search, which all end with it',
    )
    .option('--candidates <n>', 'networks to score', wholeNumber({ min: 1, max: 1000 }), 24)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nIt needs redis-server or valkey-server (Debian: apt install redis-server).',
    )
    .action((options: DemoOptions) => demo(options, environment));
}

/** Throws `farm-no-such-worker`. */
async function drain(
  url: string,
  named: string,
  options: DrainOptions,
  environment: CliEnvironment,
): Promise<void> {
  const access = await farmAccess(url, options);
  const { undo = false } = options;
  await withServices(environment, async (services) => {
    const watch = await services.farms.watch(access);
    try {
      const { workers } = await watch.status();
      const found = workers.filter(({ name, id }) => name === named || id === named);
      if (found.length === 0) {
        throw new WorkbenchError(
          'farm-no-such-worker',
          `No worker of the farm is called ${named}.`,
          workers.length === 0
            ? 'There is none at the moment.'
            : `There are ${workers.map(({ name }) => name).join(', ')}.`,
        );
      }
      for (const { id } of found) await watch.drain(id, !undo);
      const draining = found.map(({ name, id }) => ({ name, id, draining: !undo }));
      print(environment, options, draining, () =>
        found
          .map(({ name }) => `${name} ${undo ? 'takes jobs again' : 'takes nothing more'}`)
          .join('\n'),
      );
    } finally {
      await watch.close();
    }
  });
}

async function status(
  url: string,
  options: StatusOptions,
  environment: CliEnvironment,
): Promise<void> {
  const access = await farmAccess(url, options);
  const { interrupted, stdout, stderr } = environment;
  await withServices(environment, async (services) => {
    if (!options.watch) {
      const found = await services.farms.status(access);
      return print(environment, options, found, () => readable(found));
    }
    const watch = await services.farms.watch(access);
    try {
      while (!interrupted.aborted) {
        const found = await lookOf(watch, interrupted);
        // On a terminal each look replaces the one before.
        const clear = stderr.isTTY && !options.json ? '\x1b[2J\x1b[H' : '';
        if ('workers' in found) {
          const text = options.json ? JSON.stringify(found) : shown(readable(found));
          stdout(`${clear}${text}\n`);
        } else if (found.trouble !== null) {
          stderr.write(`${clear}${shownInLine(found.trouble)} It is asked again.\n`);
        }
        await sleep(watchMs, undefined, { signal: interrupted }).catch(() => undefined);
      }
    } finally {
      await watch.close();
    }
  });
  if (options.watch) throw new StoppedAsAsked();
}

/** A look, or what keeps it from being one: a Redis that is away makes it wait. */
export async function lookOf(
  watch: Pick<FarmWatch, 'status' | 'trouble'>,
  interrupted: AbortSignal,
  limitMs = patienceMs,
): Promise<FarmStatus | { readonly trouble: string | null }> {
  const patience = sleep(limitMs, undefined, { signal: interrupted, ref: false }).then(
    () => ({ trouble: watch.trouble()?.message ?? 'The farm does not answer.' }),
    () => ({ trouble: null }),
  );
  return await Promise.race([watch.status(), patience]);
}

function readable(status: FarmStatus): string {
  const { url, server, now, workers, runs, phoneQueues, foreign, warning } = status;
  const since = (moment: number) => span(Math.max(0, now - moment) / 1000);
  const parts = [`${url}, ${server}`];
  parts.push(
    workers.length === 0
      ? 'There is no worker: start one with zico worker --farm URL.'
      : table(
          [
            ...(['worker', 'state'] as const).map((title) => ({ title, align: 'left' as const })),
            ...['threads', 'at work', 'scored', 'a minute', 'failed', 'since'].map((title) => ({
              title,
            })),
            { title: 'last error', align: 'left' },
          ],
          workers.map((worker) => [
            ...[
              worker.name,
              worker.state,
              String(worker.offer.threads),
              String(worker.current.length),
            ],
            ...[
              String(worker.done),
              String(worker.rate),
              String(worker.failed),
              since(worker.since),
            ],
            worker.errors[0]?.message ?? '',
          ]),
        ),
  );
  parts.push(
    runs.length === 0
      ? 'No search has jobs.'
      : table(
          [
            ...['run', 'space', 'from', 'engine'].map((title) => ({
              title,
              align: 'left' as const,
            })),
            ...['waiting', 'active', 'places', 'since'].map((title) => ({ title })),
          ],
          runs.map((run) => [
            ...[run.run, run.space, run.host, `${run.engine.name} ${run.engine.version}`],
            ...[String(run.waiting), String(run.active), String(run.places), since(run.since)],
          ]),
        ),
  );
  const phones = workers.flatMap(({ name, phones: own }) => own.map((phone) => ({ name, phone })));
  if (phones.length > 0) parts.push(phonesInWords(phones, since));
  for (const { model, waiting, active } of phoneQueues) {
    if (waiting + active > 0)
      parts.push(`Phones ${model}: ${waiting} networks waiting, ${active} on a phone`);
  }
  const unfit = workers.flatMap(({ name, unfit: reasons }) =>
    Object.entries(reasons).map(([run, why]) => ({ worker: name, why: `of ${run}: ${why}` })),
  );
  for (const { why, workers: names } of unfitByReason(unfit))
    parts.push(`${getNothingText(names)} ${why}`);
  const failures = failuresByReason(workers).map(([reason, count]) => `${count} ${reason}`);
  if (failures.length > 0) parts.push(`Failures: ${failures.join(', ')}`);
  if (foreign.length > 0)
    parts.push(`Not of this version of ZiCo Workbench, and left alone: ${foreign.join(', ')}`);
  if (warning !== null) parts.push(`warning: ${warning}`);
  return parts.join('\n\n');
}

function phonesInWords(
  phones: readonly { readonly name: string; readonly phone: FarmPhone }[],
  since: (moment: number) => string,
): string {
  const left = ['phone', 'model', 'worker', 'state'].map((title) => ({
    title,
    align: 'left' as const,
  }));
  const right = ['since', 'measured', 'failed', 'last ms'].map((title) => ({ title }));
  return table(
    [...left, ...right, { title: 'what it waits for', align: 'left' }],
    phones.map(({ name, phone }) => [
      ...[phone.serial, phone.model ?? '', name, phone.state, since(phone.since)],
      ...[String(phone.measured), String(phone.failed)],
      phone.recentMs.at(-1)?.toFixed(2) ?? '',
      phone.message ?? '',
    ]),
  );
}
