/** Searches on emulated phones for tests: a workbench beside an adb server of its own, and what came of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { reportOf, type ErrorReport } from '../../main/errors.ts';
import type { PhoneActivity } from '../../main/common/phone-activity.ts';
import { defaultPhoneSettings, type PhoneSettings } from '../../main/common/phone-settings.ts';
import type { Candidate } from '../../main/run/candidate.ts';
import type { SearchEvent } from '../../main/search/search.ts';
import { defaultSearchSettings, type SearchSettings } from '../../main/common/settings/index.ts';
import { generationalDefaults } from '../../main/common/settings/method.ts';
import { Workbench, type SessionOptions } from '../../main/workbench.ts';
import type { FarmWish } from '../../main/workbench/farm-wish.ts';
import { workbenchPlaces } from '../support/engines.ts';
import { startAdbServer, type AdbServer } from './adb-server.ts';
import type { Phone } from './phone.ts';

/** Where models lie on a phone. */
export const models = '/data/local/tmp/zico-workbench/models';

/** Latencies under qemu vary by far more than 5 %: one repeat, whose spread is not asked about. */
export const few: PhoneSettings = {
  ...defaultPhoneSettings,
  ...{ warmUp: 0, runs: 2, repeats: 1, runner: 'ort-glibc-cpu' },
};

/** A line of the phone's shell in place of an engine, for tests that are about everything else. */
export function commandRunner(command: string): PhoneSettings {
  const engine = { engine: 'stand-in', version: '1', precision: 'float32' };
  return {
    ...few,
    runner: 'command',
    command: { command, pattern: 'took ([0-9]+) us', unit: 'us', ...engine },
  };
}

/** It takes as long as the model is large, and says so. */
export const standIn = commandRunner('echo "took $(stat -c %s {model}) us"');

export const smallSearch: SearchSettings = {
  ...defaultSearchSettings,
  ...generationalDefaults,
  latency: 'phone',
  phone: few,
  ...{ population: 4, generations: 2, batchSize: 4, maxMacs: 20_000_000 },
};

export interface Outcome {
  readonly status: string;
  /** Why it ended, where that was an error. */
  readonly error: ErrorReport | null;
  readonly code: string | null;
  readonly candidates: readonly Candidate[];
  readonly settings: SearchSettings;
  readonly heard: readonly PhoneActivity[];
}

export interface SearchOptions {
  readonly onEvent?: (event: SearchEvent) => void;
  readonly onPhones?: (phones: readonly PhoneActivity[]) => void;
  /** Stops after so many candidates. */
  readonly stopAfter?: number;
  readonly settings?: Partial<SearchSettings>;
  /** Phones of a farm measure. */
  readonly farm?: FarmWish;
}

export class SearchBench {
  readonly server: AdbServer;
  readonly folder: string;
  readonly workbench: Workbench;
  readonly #environment = { ...process.env };

  constructor(server: AdbServer) {
    this.server = server;
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'zico-phone-search-'));
    process.env['ANDROID_ADB_SERVER_PORT'] = String(server.port);
    process.env['HOME'] = server.home;
    this.workbench = new Workbench({
      processes: nodeProcesses,
      ...workbenchPlaces,
      productVersion: '0.0.0-test',
    });
  }

  static async start(): Promise<SearchBench> {
    return new SearchBench(await startAdbServer());
  }

  async close(): Promise<void> {
    await this.workbench.close();
    await this.server.stop();
    Object.assign(process.env, this.#environment);
    rmSync(this.folder, { recursive: true });
  }

  run(name: string): string {
    return path.join(this.folder, `${name}.zico`);
  }

  async onPhone(phone: Phone, line: string): Promise<string> {
    return (await this.server.adb('-s', phone.address, 'shell', line)).stdout.trim();
  }

  /** Models and parts of files on the phone; empty where nothing is left. */
  leftOn(phone: Phone): Promise<string> {
    return this.onPhone(
      phone,
      `ls ${models} 2>/dev/null; find /data/local/tmp -name '*.part' 2>/dev/null`,
    );
  }

  /** Starts, or goes on with, a search and waits for its end. */
  async search(
    name: string,
    phoneSettings: Partial<PhoneSettings> | 'resume' = {},
    options: SearchOptions = {},
  ): Promise<Outcome> {
    const file = this.run(name);
    const heard: PhoneActivity[] = [];
    let stored = 0;
    let stop = (): void => undefined;
    const onEvent = (event: SearchEvent): void => {
      options.onEvent?.(event);
      if (event.phase === 'stored' && ++stored === options.stopAfter) stop();
    };
    const session: SessionOptions = {
      threads: 1,
      workers: 1,
      engine: 'onnxruntime',
      farm: options.farm ?? null,
      onPhones: (phones) => {
        heard.push(...phones);
        options.onPhones?.(phones);
      },
    };
    const running =
      phoneSettings === 'resume'
        ? await this.workbench.resumeSearch(file, onEvent, session)
        : await this.workbench.startSearch(
            { ...smallSearch, ...options.settings, phone: { ...few, ...phoneSettings } },
            file,
            onEvent,
            session,
          );
    stop = () => running.stop();
    const end = await running.finished.then(
      (status) => ({ status, error: null }),
      (error: unknown) => ({ status: 'failed', error: reportOf(error) }),
    );
    const run = this.workbench.openRunReadOnly(file);
    const candidates = run.candidates().flatMap(({ id }) => run.candidate(id) ?? []);
    const { settings } = run.info();
    run.close();
    return { ...end, code: end.error?.code ?? null, candidates, settings, heard };
  }
}

export function latencies(candidates: readonly Candidate[]): readonly (number | null)[] {
  return candidates.map((one) =>
    one.status === 'evaluated' ? (one.latency?.latencyMs ?? null) : null,
  );
}

/** Why candidates failed, by name. */
export function failures(candidates: readonly Candidate[]): readonly string[] {
  return candidates.flatMap((one) => (one.status === 'failed' ? [one.failure.code] : []));
}
