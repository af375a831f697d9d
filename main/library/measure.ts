/** Latencies of models, and of networks of runs. */
import { asKey } from '../asked/called.ts';
import { withModel } from '../asked/measured-model.ts';
import { assertOneNetwork, type NetworkOfRun } from '../asked/network-of-run.ts';
import { badArguments } from '../asked/bad-arguments.ts';
import { precisionHint } from '../asked/search.ts';
import type { HostRunner } from '../common/host-runners.ts';
import { isEstimate, timedKinds } from '../common/latency-sources.ts';
import type { DeployedPrecision } from '../common/precisions.ts';
import type { MeasuredModelFile } from '../measure-model/measure-model.ts';
import type { LatencyRequest } from '../latency/latency.ts';
import { inSession } from './session.ts';

/** Sources of latencies for a model: this computer, and estimates. Phones have `measureOnPhone`. */
export type MeasureSource = LatencyRequest['kind'];

export interface MeasureOptions {
  /** This computer by default. */
  readonly latency?: MeasureSource;
  readonly runs?: number;
  readonly warmUp?: number;
  readonly threads?: number;
  readonly repeats?: number;
  /** Half the width of the 95 % interval, in percent of the median; null takes all repeats. */
  readonly intervalPercent?: number | null;
  /** Height and width, if the model leaves them open. */
  readonly size?: readonly [number, number];
  /** The precision in which the network is measured; float32 by default. */
  readonly precision?: DeployedPrecision;
  /** What measures on this computer; onnxruntime by default. */
  readonly runner?: HostRunner;
  readonly signal?: AbortSignal;
}

const sources = timedKinds.filter((kind) => kind !== 'phone');

/**
 * Measures the latency of one image; resolves to what `zico measure --json` prints.
 * @param model an ONNX file, or a network of a run
 * Rejects with a WorkbenchError.
 */
export function measure(
  model: string | NetworkOfRun,
  options: MeasureOptions = {},
): Promise<MeasuredModelFile> {
  const { latency = 'host', size = null, intervalPercent, signal, ...rest } = options;
  return inSession(signal, async (workbench, halted) => {
    if (typeof model !== 'string') assertOneNetwork(model, asKey);
    if (!sources.some((kind) => kind === latency)) {
      throw badArguments(
        `latency is ${JSON.stringify(latency)}, which cannot measure a model here.`,
        `Use ${sources.join(', ')}.`,
      );
    }
    const { runs, warmUp, threads, repeats, precision, runner } = rest;
    if (precision !== undefined && isEstimate(latency)) {
      throw badArguments(
        `precision applies to measured latencies; ${latency} is not measured.`,
        precisionHint(latency, precision, asKey),
      );
    }
    const asked = {
      ...{ kind: latency, runs, warmUp, threads, repeats, precision, runner },
      ...(intervalPercent !== undefined && {
        interval: intervalPercent === null ? null : intervalPercent / 100,
      }),
    };
    return await withModel(model, workbench, halted, (file) =>
      workbench.measureModel({ model: file, size }, asked, halted),
    );
  });
}
