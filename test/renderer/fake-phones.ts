/** Phones made up for tests of the window; nothing was ever measured on them. */
import type {
  ErrorReport,
  MethodArguments,
  MethodName,
  MethodResult,
  PhoneRow,
  PhonesView,
  RunnerIdentity,
} from '../../preload/contract.ts';

export const provenRunner: RunnerIdentity = {
  ...{ name: 'ort-glibc-cpu', engine: 'ONNX Runtime', version: '1.30.0', precision: 'float32' },
  ...{ provider: 'CPUExecutionProvider', proof: 'output-sum' },
  refused: [
    {
      name: 'ort-android-cpu',
      failure: {
        code: 'runner-failed',
        message: 'The runner ended without a word.',
        hint: 'Another runner is tried.',
      },
    },
  ],
};

const khz = [...Array<number>(4).fill(1_950_000), 2_314_000, 2_314_000, 2_730_000, 2_730_000];

/** A Galaxy S10 that is ready, cool and proven. */
export function fakePhone(serial: string, changes: Partial<PhoneRow> = {}): PhoneRow {
  return {
    serial,
    state: 'ready',
    sinceMs: Date.now() - 60_000,
    problem: null,
    identity: {
      ...{ serialNumber: serial, model: 'SM-G973F', chip: 'Exynos 9820', android: '12' },
      ...{ sdk: 31, abi: 'arm64-v8a' },
      clusters: [
        { cores: [0, 1, 2, 3], maxKHz: 1_950_000, mask: 0x0f },
        { cores: [4, 5], maxKHz: 2_314_000, mask: 0x30 },
        { cores: [6, 7], maxKHz: 2_730_000, mask: 0xc0 },
      ],
    },
    conditions: {
      readAtMs: Date.now(),
      ...{ batteryLevel: 84, batteryC: 31.6, powered: 'usb', thermalStatus: 0, screen: 'awake' },
      zones: [{ name: 'AP', celsius: 38.2 }],
      ...{ coreKHz: khz, coreLimitKHz: khz },
    },
    storage: { freeBytes: 74e9, totalBytes: 118e9 },
    gate: null,
    history: Array.from({ length: 60 }, (_, i) => ({
      atMs: Date.now() - (60 - i) * 10_000,
      batteryC: 31 + Math.sin(i / 9),
      bigKHz: 2_730_000,
    })),
    proof: { runner: provenRunner, atMs: Date.now() - 3_600_000 },
    check: null,
    ...changes,
  };
}

/** One that has been plugged in and waits for somebody to do something. */
export function waitingPhone(
  serial: string,
  state: PhoneRow['state'],
  problem: ErrorReport,
): PhoneRow {
  return fakePhone(serial, {
    ...{ state, problem, identity: null, conditions: null, storage: null },
    ...{ history: [], proof: null },
  });
}

export const unauthorized: ErrorReport = {
  code: 'phone-unauthorized',
  message: 'The phone R38M does not trust this computer yet.',
  hint: 'Unlock the phone, tick "Always allow from this computer" and tap "Allow".',
};

export function phonesWith(phones: PhoneRow[], changes: Partial<PhonesView> = {}): PhonesView {
  return {
    adb: { file: '/usr/bin/adb', version: '1.0.41', port: 5037, chosen: false },
    ...{ trouble: null, looking: false, phones, preferred: null, maxBatteryC: 35 },
    udevRule: 'SUBSYSTEM=="usb", ATTR{idVendor}=="04e8"',
    ...changes,
  };
}

type PhoneMethod = Extract<MethodName, `phones.${string}`>;
type Answers = { [M in PhoneMethod]: (...args: MethodArguments<M>) => MethodResult<M> };

export function phoneAnswers(bridge: { phones: PhonesView }): Answers {
  return {
    'phones.view': () => bridge.phones,
    'phones.check': () => null,
    'phones.stopCheck': () => null,
    'phones.chooseAdb': () => true,
    'phones.forgetAdb': () => null,
    'phones.configure': ({ port, preferred }) => {
      const { adb } = bridge.phones;
      bridge.phones = {
        ...bridge.phones,
        ...(preferred !== undefined && { preferred }),
        ...(port !== undefined && { adb: { ...adb, port: port ?? 5037 } }),
      };
      return null;
    },
  };
}
