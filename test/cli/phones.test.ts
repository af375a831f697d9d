import { describe, expect, it } from 'vitest';
import { unauthorized } from '../../main/phone/adb/errors.ts';
import type { PhoneReport } from '../../main/phone/report.ts';
import { fakeWorkbench, run } from './fake-workbench.ts';

const ready: PhoneReport = {
  serial: 'R58M1',
  state: 'ready',
  identity: {
    serialNumber: 'R58M1',
    model: 'SM-G973F',
    chip: 'Exynos 9820',
    android: '12',
    sdk: 31,
    abi: 'arm64-v8a',
    clusters: [
      { cores: [0, 1, 2, 3], maxKHz: 1_950_000, mask: 0x0f },
      { cores: [6, 7], maxKHz: 2_730_000, mask: 0xc0 },
    ],
  },
  conditions: {
    readAtMs: 0,
    batteryLevel: 88,
    batteryC: 29.5,
    powered: 'usb',
    thermalStatus: 0,
    screen: 'awake',
    zones: [],
    coreKHz: [],
    coreLimitKHz: [],
  },
  runner: {
    ...{ name: 'ort-glibc-cpu', engine: 'onnxruntime', version: '1.30.0', precision: 'float32' },
    ...{ provider: 'cpu', proof: 'output-sum' },
    refused: [
      {
        name: 'ort-android-cpu',
        failure: { code: 'runner-failed', message: 'It found no linker.', hint: 'Use another.' },
      },
    ],
  },
  noRunner: null,
  problem: null,
};
const locked: PhoneReport = {
  serial: 'R58M2',
  state: 'unauthorized',
  identity: null,
  conditions: null,
  runner: null,
  noRunner: null,
  problem: unauthorized('R58M2').toReport(),
};

describe('zico phones', () => {
  it('shows what each phone is, and what to do about one that cannot be used', async () => {
    const services = Object.assign(fakeWorkbench(), { phones: [ready, locked] });
    const { code, stdout } = await run(['phones'], { services });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^R58M1 +ready +SM-G973F +Exynos 9820 +12 +88 %, 29\.5 C +0 +4 x 1\.95 GHz \+ 2 x 2\.73 GHz +ort-glibc-cpu 1\.30\.0, float32$/m,
    );
    expect(stdout).toMatch(/^R58M2 +unauthorized$/m);
    expect(stdout).toContain('tap "Allow"');
    expect(stdout).toContain('R58M1 does not take ort-android-cpu: It found no linker.');
  });

  it('gives the same as JSON, with null for what is not known', async () => {
    const services = Object.assign(fakeWorkbench(), { phones: [ready, locked] });
    const { stdout } = await run(['phones', '--json'], { services });
    expect(JSON.parse(stdout)).toMatchObject([
      {
        ...{ serial: 'R58M1', chip: 'Exynos 9820', conditions: { batteryC: 29.5 }, problem: null },
        runner: { name: 'ort-glibc-cpu', refused: [{ name: 'ort-android-cpu' }] },
      },
      { serial: 'R58M2', model: null, problem: { code: 'phone-unauthorized' } },
    ]);
  });

  it('looks for runners unless it is told not to, and says why there is none', async () => {
    const noRunner = { code: 'phone-in-use', message: 'It measures.', hint: 'Wait.' };
    const services = Object.assign(fakeWorkbench(), {
      phones: [{ ...ready, runner: null, noRunner }],
    });
    expect((await run(['phones'], { services })).stdout).toContain('It measures.\nWait.');
    expect(services.phonesAsked).toEqual([true]);
    await run(['phones', '--no-runner'], { services });
    expect(services.phonesAsked).toEqual([true, false]);
  });

  it('says what to do when no phone is there', async () => {
    expect((await run(['phones'])).stdout).toContain('USB debugging on');
  });
});
