/** A farm made up for tests of the window. */
import type {
  FarmPhone,
  FarmPlaces,
  FarmStatus,
  FarmView,
  MethodArguments,
  MethodName,
  MethodResult,
  WorkerRecord,
} from '../../preload/contract.ts';

const now = 1_770_000_000_000;

export const noFarm: FarmView = {
  ...{ url: null, insecure: false, caFile: null, password: 'none', keeping: null },
  ...{ state: 'off', error: null, status: null, trouble: null, news: null, notes: [] },
};

export function fakeWorker(name: string, changes: Partial<WorkerRecord> = {}): WorkerRecord {
  return {
    ...{ format: 2, product: '0.2.0', id: `w-${name}`, name, since: now - 600_000 },
    state: 'working',
    offer: {
      engines: [{ name: 'onednn', precision: 'float32', version: '3.7' }],
      ...{ instructions: 'avx2', threads: 8, memoryBytes: 32e9 },
    },
    phones: [],
    current: [{ run: 'r1', genotype: '8:16:24:32:40', since: now - 2000 }],
    ...{ done: 120, failed: 0, givenBack: 0, rate: 12.5, reasons: {}, unfit: {}, errors: [] },
    ...changes,
  };
}

export function fakeFarmPhone(serial: string, changes: Partial<FarmPhone> = {}): FarmPhone {
  return {
    ...{ serial, model: 'SM-G973F', chip: 'Exynos 9820', android: '12' },
    runners: ['ort-glibc-cpu'],
    ...{ state: 'measuring', message: null, hint: null, since: now - 30_000, run: 'm1' },
    ...{ measured: 7, failed: 0, givenBack: 0, recentMs: [81.5, 79.25], conditions: null },
    ...changes,
  };
}

export function farmWith(
  workers: readonly WorkerRecord[],
  changes: Partial<FarmStatus> = {},
): FarmView {
  return {
    ...noFarm,
    ...{ url: 'redis://127.0.0.1:6379', state: 'connected' },
    status: {
      ...{ url: 'redis://127.0.0.1:6379', server: 'Redis 7.0.15', now, workers, runs: [] },
      ...{ measuring: [], phoneQueues: [], foreign: [], warning: null },
      ...changes,
    },
  };
}

export const noPlaces: FarmPlaces = { workers: 0, others: 0, own: 2, unfit: [] };

type FarmMethod = Extract<MethodName, `farm.${string}`>;
type Answers = { [M in FarmMethod]: (...args: MethodArguments<M>) => MethodResult<M> };

export function farmAnswers(bridge: { farm: FarmView; places: FarmPlaces }): Answers {
  return {
    'farm.view': () => bridge.farm,
    'farm.connect': ({ url }) => {
      bridge.farm = { ...farmWith([]), url };
      return null;
    },
    'farm.chooseCa': () => true,
    'farm.forgetCa': () => null,
    'farm.forget': () => {
      bridge.farm = noFarm;
      return null;
    },
    'farm.drain': () => null,
    'farm.places': () => bridge.places,
  };
}
