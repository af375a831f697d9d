/**
 * The user's own program that is already on the phone: a command with placeholders, and a pattern for the
 * latency.
 */
import { assertArm64 } from './own-runners.ts';
import {
  compilePattern,
  latenciesIn,
  runnerNotSetUp,
  type LatencyPattern,
} from './latency-pattern.ts';
import { ModelsOnPhone } from './models-on-phone.ts';
import { remoteFolder } from '../remote-folder.ts';
import type { DeployedPrecision } from '../../common/precisions.ts';
import type { PhoneRunner } from './runner.ts';
import { startProgram } from './shell-run.ts';

export interface CommandTemplate extends LatencyPattern {
  /** For the phone's shell; {model}, {runs}, {warmup} and {threads} are filled in. */
  readonly command: string;
  /** Given with every latency, since the product cannot know it. */
  readonly engine: string;
  readonly version: string;
  readonly precision: string;
}

const gaps = ['model', 'runs', 'warmup', 'threads'] as const;

/** Throws `runner-not-set-up` where a placeholder is unknown or {model} is missing. */
export function fillTemplate(
  command: string,
  values: Readonly<Record<(typeof gaps)[number], string | number>>,
): string {
  if (!command.includes('{model}'))
    throw runnerNotSetUp('The command does not say where {model} goes.');
  return command.replace(/\{(\w+)\}/g, (_, name: string) => {
    const gap = gaps.find((known) => known === name);
    if (gap) return String(values[gap]);
    throw runnerNotSetUp(`The command has a gap {${name}}; {${gaps.join('}, {')}} are known.`);
  });
}

export function templateRunner(
  template: CommandTemplate,
  precision: DeployedPrecision,
): PhoneRunner {
  return {
    name: 'command',
    model: { format: 'onnx', precision },
    async probe(device, signal) {
      compilePattern(template);
      fillTemplate(template.command, { model: 'm', runs: 1, warmup: 0, threads: 1 });
      await assertArm64(device, signal);
    },
    async deploy(device) {
      const models = new ModelsOnPhone(device, '.onnx');
      return {
        load: ({ sha256, path }, options) => models.put(sha256, path, options),
        async run({ model, warmUp, runs, threads, mask, limitMs, signal }) {
          const values = { model: models.pathOf(model.sha256), runs, warmup: warmUp, threads };
          // The template may be more than one word of a shell: taskset pins the shell, which passes that on.
          const command = `sh -c '${fillTemplate(template.command, values).replaceAll("'", String.raw`'\''`)}'`;
          const start = { folder: remoteFolder, command, mask, limitMs, signal };
          const latenciesMs = latenciesIn(await startProgram(device, start), template);
          return { ...silent, ...identityOf(template), latenciesMs };
        },
        unload: ({ sha256 }) => models.remove(sha256),
      };
    },
  };
}

const identityOf = ({ engine, version, precision }: CommandTemplate) => ({
  engine,
  version,
  precision,
});

/** What somebody else's program does not tell. */
export const silent = {
  provider: null,
  firstMs: null,
  loadMs: null,
  maxRssKiB: null,
  involuntarySwitches: null,
  coreKHzBefore: [],
  coreKHzAfter: [],
  placement: null,
  outputSums: null,
} as const;
