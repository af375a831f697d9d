import type { Command } from 'commander';
import type { CoreCluster } from '../../common/phones.ts';
import type { PhoneReport } from '../../phone/report.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { table } from '../table.ts';

interface Options {
  readonly adb?: string;
  readonly runner: boolean;
  readonly json?: boolean;
}

/** `zico phones`: the phones that are plugged in, and what is missing where one cannot be used. */
export function addPhonesCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('phones')
    .description('list the phones that are plugged in, with their state')
    .option(
      '--adb <file>',
      'the adb to use (default: that of PATH, ANDROID_HOME, ANDROID_SDK_ROOT)',
    )
    .option('--no-runner', 'do not test what runs models on them: quicker, and nothing is pushed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A self-test finds what can run models; the first one on a phone pushes the runtime, 30 MB.
The adb server is started where none runs; ANDROID_ADB_SERVER_PORT chooses its port.

Examples:
  zico phones
  zico phones --adb ~/Android/Sdk/platform-tools/adb --json`,
    )
    .action(async (options: Options) => {
      const phones = await withServices(environment, (services) =>
        services.readPhones(options.adb, {
          runners: options.runner,
          signal: environment.interrupted,
        }),
      );
      print(environment, options, phones.map(entry), () => readable(phones));
    });
}

function entry(report: PhoneReport) {
  const { serial, state, identity, conditions, runner, noRunner, problem } = report;
  return {
    serial,
    state,
    model: identity?.model ?? null,
    chip: identity?.chip ?? null,
    android: identity?.android ?? null,
    sdk: identity?.sdk ?? null,
    abi: identity?.abi ?? null,
    serialNumber: identity?.serialNumber ?? null,
    clusters: identity?.clusters ?? [],
    ...{ conditions, runner, noRunner, problem },
  };
}

function readable(phones: readonly PhoneReport[]): string {
  if (phones.length === 0) {
    return 'No phone is plugged in. Connect one by USB, with USB debugging on (Settings > Developer options).';
  }
  const list = table(
    [
      { title: 'serial', align: 'left' },
      { title: 'state', align: 'left' },
      { title: 'model', align: 'left' },
      { title: 'chip', align: 'left' },
      { title: 'Android' },
      { title: 'battery' },
      { title: 'thermal status' },
      { title: 'cores', align: 'left' },
      { title: 'runner', align: 'left' },
    ],
    phones.map(({ serial, state, identity, conditions, runner }) => [
      serial,
      state,
      identity?.model ?? '',
      identity?.chip ?? '',
      identity?.android ?? '',
      [
        figure(conditions?.batteryLevel, (level) => `${level} %`),
        figure(conditions?.batteryC, (celsius) => `${celsius.toFixed(1)} C`),
      ]
        .filter((text) => text !== '')
        .join(', '),
      figure(conditions?.thermalStatus, String),
      identity?.clusters.map(clusterText).join(' + ') ?? '',
      runner === null ? '' : `${runner.name} ${runner.version}, ${runner.precision}`,
    ]),
  );
  const refused = phones.flatMap(({ serial, runner }) =>
    (runner?.refused ?? []).map(
      ({ name, failure }) => `${serial} does not take ${name}: ${failure.message}`,
    ),
  );
  const problems = phones.flatMap(({ problem, noRunner }) =>
    [problem, noRunner].flatMap((one) => (one === null ? [] : ['', one.message, one.hint])),
  );
  return [list, ...(refused.length > 0 ? ['', ...refused] : []), ...problems].join('\n');
}

function figure(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? '' : text(value);
}

function clusterText({ cores, maxKHz }: CoreCluster): string {
  return `${cores.length} x ${(maxKHz / 1e6).toFixed(2)} GHz`;
}
