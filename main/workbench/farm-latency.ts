/** Latencies of a search that phones of a farm measure, in place of phones that are plugged in here. */
import type { FarmPhone } from '../common/farm.ts';
import type { PhoneActivity } from '../common/phone-activity.ts';
import { defaultPhoneSettings, type PhoneSettings } from '../common/phone-settings.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { WorkbenchError } from '../errors.ts';
import type { Farm } from '../farm/connect.ts';
import { farmFormat } from '../farm/keys.ts';
import { FarmMeasuring } from '../farm/measuring.ts';
import { readWorkers } from '../farm/records.ts';
import type { Graph } from '../graph/graph.ts';
import type { Latency, LatencySource } from '../latency/latency.ts';
import { modelKindOf } from '../phone/runners/index.ts';
import { waitingModel } from '../phone/pool/model-files.ts';
import type { KeptRunner } from '../phone/pool/phone-latency.ts';
import type { DescribedSpace } from '../space/described-space.ts';

export interface FarmLatencyOptions {
  /** Closed with the source. */
  readonly farm: Farm;
  readonly product: string;
  readonly runId: string;
  readonly space: DescribedSpace;
  readonly settings: SearchSettings;
  readonly kept: KeptRunner | null;
  /** See `PhoneLatencyOptions`. */
  readonly earlier?: (() => Promise<ReadonlyMap<string, Latency>>) | undefined;
  readonly onPhones?: ((phones: readonly PhoneActivity[]) => void) | undefined;
}

/**
 * The settings are returned with the model of the phones.
 * @throws WorkbenchError `farm-no-phones`, `farm-phones-several`, `farm-phone-runner`, and what the Redis answers
 */
export async function openFarmLatency(
  options: FarmLatencyOptions,
): Promise<{ readonly settings: SearchSettings; readonly source: LatencySource }> {
  const { farm, product, runId, space, kept, earlier, onPhones } = options;
  const asked = options.settings.phone ?? defaultPhoneSettings;
  // A run that goes on waits for its phones.
  const model =
    earlier !== undefined && asked.model !== null
      ? asked.model
      : await modelOf(farm, product, asked);
  const phone: PhoneSettings = { ...asked, serials: null, model, onFarm: true };
  const settings = { ...options.settings, phone };
  const measuring = new FarmMeasuring({
    ...{ farm, product, runId, brief: { space, settings }, model, onPhones },
    kept: kept ?? namedRunner(phone),
    awayMs: 1000 * Math.max(phone.awaySeconds, phone.waitSeconds),
  });
  const kind = modelKindOf(phone.runner, settings.latencyPrecision, false);
  let known: Promise<ReadonlyMap<string, Latency>> | null = null;
  const source: LatencySource = {
    ...({ kind: 'phone', exclusive: false, queued: true } as const),
    async measure(graph: Graph, signal = new AbortController().signal, genotype) {
      signal.throwIfAborted();
      const { sha256 } = waitingModel(graph, kind);
      known ??= earlier?.() ?? Promise.resolve(new Map<string, Latency>());
      const before = (await known).get(sha256);
      if (before !== undefined) return before;
      signal.throwIfAborted();
      if (genotype === undefined) throw new Error('a farm measures networks of its run alone');
      return await measuring.measure(genotype, sha256, signal);
    },
    async close() {
      await measuring.close();
      await farm.close();
    },
  };
  return { settings, source };
}

/** What a person set up has a name from the beginning. */
function namedRunner({ runner, command }: PhoneSettings): KeptRunner | null {
  if (runner !== 'command' || command === null) return null;
  const { engine, version, precision } = command;
  return { name: runner, engine, version, precision };
}

async function modelOf(
  farm: Farm,
  product: string,
  { model, runner }: PhoneSettings,
): Promise<string> {
  const { records } = await readWorkers(farm.redis);
  const phones = records
    .filter((worker) => worker.format === farmFormat && worker.product === product)
    .flatMap((worker) => worker.phones);
  const models = [...new Set(phones.flatMap((phone) => phone.model ?? []))].sort();
  const there = models.length === 0 ? 'There are none.' : `There are ${models.join(', ')}.`;
  if (model !== null ? !models.includes(model) : models.length === 0) {
    throw new WorkbenchError(
      'farm-no-phones',
      `No worker of the farm has a phone${model === null ? '' : ` ${model}`}. ${model === null ? '' : there}`.trim(),
      'Start "zico worker --farm URL" on the computer it is plugged into; --latency phone:SERIAL measures on one that is plugged in here.',
    );
  }
  if (model === null && models.length > 1) {
    throw new WorkbenchError(
      'farm-phones-several',
      `The farm has phones of several models: ${models.join(', ')}. Their latencies cannot be compared.`,
      `Name one, such as --phone-model ${models[0]}.`,
    );
  }
  const chosen = model ?? models[0]!;
  assertRunner(chosen, runner, phones);
  return chosen;
}

function assertRunner(model: string, runner: string | null, phones: readonly FarmPhone[]): void {
  const own = phones.filter((phone) => phone.model === model);
  const fits = (phone: FarmPhone) =>
    runner === null ? phone.runners.length > 0 : phone.runners.includes(runner);
  if (own.some(fits)) return;
  const offered = [...new Set(own.flatMap(({ runners }) => runners))].sort();
  throw new WorkbenchError(
    'farm-phone-runner',
    `No worker with a phone ${model} has ${runner === null ? 'a runner for it' : `the runner ${runner}`}.${offered.length > 0 ? ` They have ${offered.join(', ')}.` : ''}`,
    runner === 'tflite' || runner === 'command'
      ? 'Jobs name no programs: start the worker with --runner and the options of that runner.'
      : 'Run "npm run build:runner" on the worker; a packaged Workbench carries the runners.',
  );
}
