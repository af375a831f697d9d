/** Made-up phones, models and measurements: nothing is ever run. */
import type { PhoneIdentity } from '../../main/common/phones.ts';
import type { RunnerIdentity } from '../../main/common/phones.ts';
import type {
  MeasuredModel,
  MeasuringEvent,
  MeasuringSession,
  PhoneModel,
} from '../../main/phone/measurement.ts';
import type { WaitingModel } from '../../main/phone/pool/model-files.ts';
import { defaultMeasuring } from '../../main/phone/protocol/settings.ts';
import { goodConditions } from './phone-conditions.ts';

export const identity: PhoneIdentity = {
  ...{ serialNumber: 'R58M0', model: 'SM-G973F', chip: 'Exynos 9820', android: '12', sdk: 31 },
  ...{ abi: 'arm64-v8a', clusters: [] },
};

export const runner: RunnerIdentity = {
  ...{ name: 'fake', engine: 'fake-engine', version: '1', precision: 'float32', provider: 'cpu' },
  ...{ proof: 'output-sum', refused: [] },
};

export const modelNamed = (sha256: string): WaitingModel => ({
  sha256,
  bytes: () => new TextEncoder().encode(sha256),
});

export function measurementOf(sha256: string, medianMs = 10): MeasuredModel {
  const repeat = {
    ...{ latenciesMs: [medianMs], firstMs: null, loadMs: null, maxRssKiB: null },
    ...{ involuntarySwitches: null, before: goodConditions, after: goodConditions },
    ...{ coreKHzBefore: [], coreKHzAfter: [], discarded: null },
  };
  return {
    ok: true,
    measurement: {
      ...{ sha256, medianMs, intervalMs: [medianMs, medianMs], p90Ms: medianMs, minMs: medianMs },
      ...{ unsteady: [], repeats: [repeat], drift: null, runner, settings: defaultMeasuring },
      cores: { cores: [7], maxKHz: 2_730_000, mask: 0x80 },
    },
  };
}

export function failureOf(sha256: string, code: string): MeasuredModel {
  return { ok: false, sha256, failure: { code, message: `It is ${code}.`, hint: 'Wait.' } };
}

/** A session whose measurements the test decides. */
export class FakeSession implements MeasuringSession {
  readonly runner: RunnerIdentity;
  readonly settings = defaultMeasuring;
  readonly cores = { cores: [7], maxKHz: 2_730_000, mask: 0x80 };
  readonly #measure: (
    models: readonly PhoneModel[],
    onEvent: (event: MeasuringEvent) => void,
    signal: AbortSignal | undefined,
  ) => Promise<readonly MeasuredModel[]>;
  end: 'open' | 'closed' | 'abandoned' = 'open';

  constructor(
    measure: (
      models: readonly PhoneModel[],
      onEvent: (event: MeasuringEvent) => void,
      signal: AbortSignal | undefined,
    ) => Promise<readonly MeasuredModel[]>,
    as: RunnerIdentity = runner,
  ) {
    this.#measure = measure;
    this.runner = as;
  }

  measure(...[models, options = {}]: Parameters<MeasuringSession['measure']>) {
    return this.#measure(models, options.onEvent ?? (() => undefined), options.signal);
  }

  async close(): Promise<void> {
    this.end = 'closed';
  }

  abandon(): void {
    this.end = 'abandoned';
  }
}
