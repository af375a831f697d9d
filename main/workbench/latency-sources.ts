/** Every way to get a latency: for a search, for a model of the user's, on a phone by itself. */
import {
  isEstimate,
  type MeasuredHereKind,
  type PhonelessSourceKind,
} from '../common/latency-sources.ts';
import type { ChildProcesses } from '../child/process.ts';
import type { ChildLimits } from '../child/supervised-child.ts';
import { HostLatency, leastHostMs } from '../latency/host.ts';
import type { Latency, LatencySource, LatencyRequest } from '../latency/latency.ts';
import { tfliteLibrary } from '../latency/tflite/library.ts';
import { PredictedLatency } from '../latency/predicted/predicted-latency.ts';
import {
  measureModel,
  type MeasuredModelFile,
  type MeasureModelRequest,
  type ReadToMeasure,
} from '../measure-model/measure-model.ts';
import {
  measureModelOnPhone,
  type MeasuredOnPhone,
  type PhoneProgress,
  type PhoneTarget,
} from '../measure-model/measure-on-phone.ts';
import type { AdbChoice } from '../phone/adb/find-adb.ts';
import { Phones } from '../phone/phones.ts';
import type { PhoneActivity } from '../common/phone-activity.ts';
import type { KeptRunner } from '../phone/pool/phone-latency.ts';
import { readPhones, type PhoneReport, type ReadPhonesOptions } from '../phone/report.ts';
import { defaultPhoneSettings } from '../common/phone-settings.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import type { Computer } from './computer.ts';
import { openPhoneSource } from './phone-source.ts';

export interface LatencySourcesOptions {
  readonly processes: ChildProcesses;
  /** Scripts of the children. */
  readonly entries: { readonly latency: string; readonly adb: string };
  /** Limits of one measurement on this computer. */
  readonly limits: ChildLimits;
  readonly computer: Computer;
}

/** What a session says about phones. */
export interface PhoneSession {
  /** Which adb is meant; absent: that of the environment. */
  readonly adb?: AdbChoice | undefined;
  /** Is told what the phones are doing, where it measures on phones. */
  readonly onPhones?: ((phones: readonly PhoneActivity[]) => void) | undefined;
}

export interface MeasuringContext {
  /** The run file, shown to whoever finds a phone locked. */
  readonly purpose: string;
  /** What the run has been measured with so far; null in a new one. */
  readonly kept: KeptRunner | null;
  /** What earlier sessions of the run measured, by the digest of the model. */
  readonly earlier?: () => Promise<ReadonlyMap<string, Latency>>;
  readonly session: PhoneSession;
}

const ofTheEnvironment: AdbChoice = { file: null, port: null };

export class LatencySources {
  readonly #options: LatencySourcesOptions;

  constructor(options: LatencySourcesOptions) {
    this.#options = options;
  }

  /** Follows the phones of an adb server; the caller closes it. */
  openPhones({ file, port }: AdbChoice = ofTheEnvironment): Phones {
    const { processes, entries } = this.#options;
    const environment =
      port === null ? process.env : { ...process.env, ANDROID_ADB_SERVER_PORT: String(port) };
    const named = file === null ? {} : { adbFile: file };
    return new Phones({ processes, entry: entries.adb, environment, ...named });
  }

  /**
   * The source that a run's settings name; null where they count MACs. The settings are returned with what was
   * found out about phones. Throws what `openPhoneSource` throws.
   */
  async open(
    settings: SearchSettings,
    { purpose, kept, earlier, session }: MeasuringContext,
  ): Promise<{ readonly settings: SearchSettings; readonly source: LatencySource | null }> {
    const kind = settings.latency;
    if (kind === 'macs') return { settings, source: null };
    const interval = settings.intervalPercent === null ? null : settings.intervalPercent / 100;
    if (kind !== 'phone') {
      const { repeats, latencyPrecision: precision, hostRunner: runner } = settings;
      const source = this.#openSource(kind, { interval, repeats, precision, runner });
      return { settings, source };
    }
    const { source, settings: phone } = await openPhoneSource({
      phones: this.openPhones(session.adb),
      settings: settings.phone ?? defaultPhoneSettings,
      precision: settings.latencyPrecision,
      interval,
      ...{ purpose, kept, earlier, onPhones: session.onPhones },
    });
    return { settings: { ...settings, phone }, source };
  }

  /** Of a model of the user. Throws what `measureModel` throws. */
  async measureModel(
    request: MeasureModelRequest,
    { kind, ...asked }: LatencyRequest,
    signal?: AbortSignal,
    readModel?: ReadToMeasure,
  ): Promise<MeasuredModelFile> {
    const source = this.#openSource(kind, asked);
    try {
      return await measureModel(request, source, signal, readModel);
    } finally {
      await source.close();
    }
  }

  /** Of a model of the user on a phone. Throws what `measureModelOnPhone` throws. */
  measureOnPhone(
    request: MeasureModelRequest,
    target: PhoneTarget,
    progress: PhoneProgress,
    signal?: AbortSignal,
  ): Promise<MeasuredOnPhone> {
    return this.#withPhones({ file: target.adbFile ?? null, port: null }, (phones) =>
      measureModelOnPhone(request, target, phones, { ...progress, signal }),
    );
  }

  /** Asks the phones that are plugged in. Throws what `Phones.list` throws. */
  readPhones(adbFile: string | null, options: ReadPhonesOptions): Promise<readonly PhoneReport[]> {
    return this.#withPhones({ file: adbFile, port: null }, (phones) => readPhones(phones, options));
  }

  async #withPhones<T>(adb: AdbChoice, use: (phones: Phones) => Promise<T>): Promise<T> {
    const phones = this.openPhones(adb);
    try {
      return await use(phones);
    } finally {
      await phones.close();
    }
  }

  #openSource(kind: PhonelessSourceKind, asked: Omit<LatencyRequest, 'kind'> = {}): LatencySource {
    if (isEstimate(kind)) return new PredictedLatency(kind);
    return this.#options.computer.measuring(onThisComputer[kind](this.#options, asked));
  }
}

/**
 * Sources that run networks on this computer. A new one is a line here, in addition to its entry in common/.
 */
const onThisComputer: Readonly<
  Record<
    MeasuredHereKind,
    (options: LatencySourcesOptions, asked: Omit<LatencyRequest, 'kind'>) => LatencySource
  >
> = {
  host: ({ processes, entries, limits }, asked) => {
    if (asked.runner === 'tflite-cpu') tfliteLibrary(); // is it there?
    return new HostLatency({ processes, entry: entries.latency, limits, ...asked });
  },
};

/** The lower bound of the source that settings name, without opening it; absent where it has none. */
export function leastMsOf({
  latency: kind,
  latencyPrecision,
}: Pick<SearchSettings, 'latency' | 'latencyPrecision'>): LatencySource['leastMs'] {
  if (kind === 'host') return (graph) => leastHostMs(graph, latencyPrecision);
  if (!isEstimate(kind)) return undefined;
  const source = new PredictedLatency(kind);
  return (graph) => source.leastMs(graph);
}
