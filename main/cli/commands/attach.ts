import type { Command } from 'commander';
import { perhapsAShare, type Stated } from '../../common/trained.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { asOption } from '../../asked/called.ts';
import { conditionsInWords } from '../../latency/conditions.ts';
import type { CandidateId } from '../../run/candidate.ts';
import {
  trainedPrecisions,
  type TrainedModel,
  type TrainedPrecision,
} from '../../run/trained-model.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { wholeNumber } from '../options.ts';

export interface OfCandidate {
  readonly run: string;
  readonly candidate: number;
  readonly json?: boolean;
}

interface Options extends OfCandidate {
  readonly accuracy?: number;
  readonly metric?: string;
  readonly on?: string;
  readonly measure?: boolean;
}

/** `zico attach`: what became of a candidate that was trained, so that scores can be held against the truth. */
export function addAttachCommand(program: Command, environment: CliEnvironment): void {
  ofCandidate(
    program
      .command('attach')
      .description('attach a trained model to the candidate of a run that it was made from')
      .argument('<model>', 'the trained model as ONNX, such as trained.onnx of train.py'),
  )
    .option('--accuracy <percent>', 'what it reached, 0 to 100', percent)
    .option('--metric <name>', 'what that is: top-1, mIoU, mAP or another name')
    .option('--on <name>', 'the data set on which it was taken')
    .option('--measure', "take its latency, in float32 and int8: on the run's phone, or else here")
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The model has to be the candidate's network: layers, their shapes and how they follow each other are compared. Its
weights are its own, batch normalisation may be folded into them, and its last layer may have been made anew for other
classes. The run keeps what is said here and the digest of the file, not the file. No search looks at it.

Another model for the same candidate takes the place of the one before. For one that is attached already, what is
left out stays, so that --measure can follow later.

Examples:
  zico attach --run runs/a.zico --candidate 17 trained.onnx --accuracy 71.2 --metric top-1 --on flowers
  zico attach --run runs/a.zico --candidate 17 trained.onnx --measure
  zico detach --run runs/a.zico --candidate 17`,
    )
    .action((model: string, options: Options) => attach(model, options, environment));
}

/** What is no number is refused with what is out of range. */
const percent = (text: string): number => (text.trim() === '' ? NaN : Number(text));

/** Which candidate of which run. */
export const ofCandidate = (command: Command): Command =>
  command
    .requiredOption('--run <file>', 'run file of a search')
    .requiredOption('--candidate <id>', 'number of the candidate', wholeNumber({ min: 1 }));

async function attach(model: string, options: Options, environment: CliEnvironment): Promise<void> {
  const { run, candidate, measure = false } = options;
  const stated = statedBy(options);
  const precisions: readonly TrainedPrecision[] = measure ? trainedPrecisions : [];
  const result = await withServices(environment, (services) =>
    services.attachTrained(
      ...([run, candidate as CandidateId, model, stated, precisions] as const),
      environment.interrupted,
    ),
  );
  const share = stated && perhapsAShare(stated);
  if (share !== null) environment.stderr.write(`warning: ${share}\n`);
  print(environment, options, { run, ...result }, () => readable(result, candidate));
}

/** Null where nothing is said. Throws `bad-arguments` where only a part is. */
function statedBy({ accuracy, metric, on, measure }: Options): Stated | null {
  const given = { accuracy, metric, on };
  const missing = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [asOption(name)] : [],
  );
  if (missing.length === 3 && measure) return null;
  if (accuracy === undefined || metric === undefined || on === undefined) {
    throw badArguments(
      `What the model reached is not said: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      'Give for example --accuracy 71.2 --metric top-1 --on flowers.',
    );
  }
  return { accuracy, metric, data: on };
}

export const trainedInWords = ({ name, accuracy, metric, data }: TrainedModel) =>
  `${name} with ${accuracy} % ${metric} on ${data}`;

function readable(
  {
    attached,
    replaced,
  }: { readonly attached: TrainedModel; readonly replaced: TrainedModel | null },
  candidate: number,
): string {
  const { newHead, latencies } = attached;
  return [
    `candidate ${candidate}: ${trainedInWords(attached)} is attached.`,
    ...(replaced === null ? [] : [`It takes the place of ${trainedInWords(replaced)}.`]),
    ...(newHead === null
      ? []
      : [`Its last layer was made anew, with ${newHead} outputs: all others are the candidate's.`]),
    ...trainedPrecisions.flatMap((precision) => {
      const latency = latencies[precision];
      if (latency === null) return [];
      const ms = `${latency.latencyMs.toPrecision(4)} ms`;
      return [`${precision}: ${ms}. ${conditionsInWords(latency.conditions)}`];
    }),
  ].join('\n');
}
