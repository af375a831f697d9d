/** The line that a C runner of ours prints: figures, or the stage at which it failed. */
import { z } from 'zod';
import { WorkbenchError } from '../../errors.ts';
import type { ShellResult } from '../device.ts';
import type { RunnerReport } from './runner.ts';
import type { DeployedPrecision } from '../../common/precisions.ts';
import { ortPlacement, tflitePlacement } from './placements.ts';
import { lastWords } from './shell-run.ts';

const nanoseconds = z.number().int().nonnegative();
const kHz = z.array(z.number().int());

const placementCounts = z.object({
  on: z.string(),
  ...{ nodes: z.number(), placed: z.number(), pieces: z.number() },
  elsewhere: z.array(z.object({ code: z.number(), count: z.number() })),
});

const successSchema = z.object({
  schema: z.literal(1),
  ok: z.literal(true),
  engine: z.string(),
  version: z.string(),
  libc: z.string(),
  arch: z.string(),
  ep: z.string(),
  threads: z.number().int(),
  init_ns: nanoseconds,
  load_ns: nanoseconds,
  first_ns: nanoseconds,
  latencies_ns: z.array(nanoseconds).min(1),
  max_rss_kib: z.number(),
  involuntary_switches: z.number(),
  kHz_before: kHz,
  kHz_after: kHz,
  /** Of ONNX Runtime: what it said. Of TensorFlow Lite: what was counted. */
  placement_log: z.string().optional(),
  placement: placementCounts.optional(),
  outputs: z.array(z.object({ name: z.string(), sum: z.number().nullable() })),
});
const failureSchema = z.object({
  schema: z.literal(1),
  ok: z.literal(false),
  stage: z.string(),
  error: z.string(),
  code: z.number(),
});
const lineSchema = z.discriminatedUnion('ok', [successSchema, failureSchema]);

/** ONNX Runtime's code for an operator without an implementation. */
const notImplemented = 9;

/**
 * @param precision of the model that ran
 * @throws WorkbenchError `operator-not-supported`, `model-refused`, `runner-failed`, `runner-no-latency`
 */
export function readOwnReport(result: ShellResult, precision: DeployedPrecision): RunnerReport {
  const line = result.stdout.trim().split('\n').at(-1) ?? '';
  const parsed = lineSchema.safeParse(asJson(line));
  if (!parsed.success) {
    throw new WorkbenchError(
      'runner-no-latency',
      `The runner printed no result (exit code ${result.exitCode})${lastWords(result) && `: ${lastWords(result)}`}.`,
      'Try another runner. If it happens again, please report it with the model.',
    );
  }
  const report = parsed.data;
  if (!report.ok) throw failure(report);
  const known = (frequencies: readonly number[]) => frequencies.map((f) => (f < 0 ? null : f));
  return {
    engine: report.engine,
    version: report.version,
    provider: report.ep,
    precision,
    latenciesMs: report.latencies_ns.map((ns) => ns / 1e6),
    firstMs: report.first_ns / 1e6,
    loadMs: report.load_ns / 1e6,
    maxRssKiB: report.max_rss_kib,
    involuntarySwitches: report.involuntary_switches,
    coreKHzBefore: known(report.kHz_before),
    coreKHzAfter: known(report.kHz_after),
    placement: placementOf(report),
    outputSums: report.outputs.map(({ sum }) => sum ?? NaN),
  };
}

function placementOf({ ep, placement, placement_log: said }: z.infer<typeof successSchema>) {
  if (placement) return tflitePlacement(placement);
  return said === undefined ? null : ortPlacement(said, ep);
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function failure({ stage, error, code }: z.infer<typeof failureSchema>): WorkbenchError {
  const message = error.trim().replace(/\.$/, '');
  if (
    code === notImplemented ||
    /not a registered (?:function|op)|no op registered|could not find an implementation/i.test(
      error,
    )
  ) {
    return new WorkbenchError(
      'operator-not-supported',
      `The engine on the phone lacks an operator of this model: ${message}.`,
      'Choose another runner, or a network without that operator.',
    );
  }
  if (stage === 'load') {
    return new WorkbenchError(
      'model-refused',
      `The engine on the phone refused the model: ${message}.`,
      'Check the model with another program, or choose another runner.',
    );
  }
  return new WorkbenchError(
    'runner-failed',
    `The runner failed (${stage}): ${message}.`,
    stage === 'memory'
      ? 'Measure a smaller model.'
      : 'Try another runner. If it happens again, please report it with the model.',
  );
}
