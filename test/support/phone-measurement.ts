/** A phone's measurement with invented figures, for tests of how it is stored and shown. */
import type { PhoneConditions } from '../../main/common/phone-conditions.ts';
import type { PhoneMeasurement, Repeat } from '../../main/latency/phone-measurement.ts';
import { defaultMeasuring } from '../../main/phone/protocol/settings.ts';

export function conditionsWith(changes: Partial<PhoneConditions> = {}): PhoneConditions {
  const kHz = [...Array<number>(4).fill(1_950_000), 2_314_000, 2_314_000, 2_730_000, 2_730_000];
  return {
    readAtMs: 1_700_000_000_000,
    ...{ batteryLevel: 84, batteryC: 31.2, powered: 'usb', thermalStatus: 0, screen: 'awake' },
    ...{ zones: [], coreKHz: kHz, coreLimitKHz: kHz },
    ...changes,
  };
}

export function repeatWith(changes: Partial<Repeat> = {}): Repeat {
  const kHz = conditionsWith().coreKHz;
  return {
    latenciesMs: [79.4, 79.2, 79.5, 79.3, 81.2],
    ...{ firstMs: 90, loadMs: 12, maxRssKiB: 80_000, involuntarySwitches: 3 },
    before: conditionsWith(),
    after: conditionsWith({ batteryC: 31.9 }),
    ...{ coreKHzBefore: kHz, coreKHzAfter: kHz, discarded: null },
    ...changes,
  };
}

export function measurementWith(changes: Partial<PhoneMeasurement> = {}): PhoneMeasurement {
  return {
    sha256: 'a'.repeat(64),
    ...{ medianMs: 79.4, intervalMs: [79.32, 79.62], p90Ms: 81.2, minMs: 79.2, unsteady: [] },
    repeats: [
      repeatWith(),
      repeatWith({
        latenciesMs: [95.1, 94.8, 99.2],
        after: conditionsWith({ batteryC: 35.4, powered: 'none', thermalStatus: 1 }),
        coreKHzAfter: [null, null, null, null, null, null, 2_310_000, 2_730_000],
        discarded: 'thermal-status',
      }),
    ],
    drift: { factor: 0.98, correctedMs: 77.81, referenceMs: [10, 10.2, 10.2] },
    runner: {
      ...{ name: 'ort-android-cpu', engine: 'onnxruntime', version: '1.29.0' },
      ...{ precision: 'float32', provider: 'CPUExecutionProvider', proof: 'output-sum' },
      refused: [],
    },
    settings: defaultMeasuring,
    cores: { cores: [6, 7], maxKHz: 2_730_000, mask: 0xc0 },
    ...changes,
  };
}
