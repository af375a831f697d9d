/** The phones of this computer, as they are offered to a farm. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FarmRunner } from '../common/farm.ts';
import { defaultPhoneSettings, ownRunners } from '../common/phone-settings.ts';
import type { PhoneIdentity } from '../common/phones.ts';
import { WorkbenchError } from '../errors.ts';
import type { Brief } from '../farm/brief.ts';
import type { Obstacle, OfferedPhone, OpenedPhone, PhoneEvents } from '../farm/offered-phone.ts';
import { obstacle } from '../phone/adb/listing.ts';
import { readConditions, type ReadConditions } from '../phone/conditions.ts';
import type { Device } from '../phone/device.ts';
import { readIdentity } from '../phone/identity.ts';
import { lockPhone } from '../phone/lock.ts';
import type { MeasuringSession } from '../phone/measurement.ts';
import { measuringSettings } from '../phone/run-settings.ts';
import type { Phones } from '../phone/phones.ts';
import { waitingModel, withModelFiles, type WaitingModel } from '../phone/pool/model-files.ts';
import { assertSameRunner, latencyOf } from '../phone/pool/phone-latency.ts';
import { gateHints } from '../phone/protocol/gates.ts';
import { Gatekeeper } from '../phone/protocol/gatekeeper.ts';
import { openMeasuringSession } from '../phone/protocol/session.ts';
import { defaultMeasuring } from '../phone/protocol/settings.ts';
import {
  bundlesFolder,
  manifestName,
  packedFolder,
  type BundleKind,
} from '../phone/runner/bundles.ts';
import { modelKindOf } from '../phone/runners/index.ts';
import { bundleOf } from '../phone/runners/own-runners.ts';
import type { CommandTemplate } from '../phone/runners/template.ts';
import type { TfliteSettings } from '../phone/runners/tflite.ts';
import { isOfPhone } from '../phone/runners/choose.ts';
import { initialNetwork } from '../space/initial-network.ts';
import { runnersOf } from './phone-source.ts';

/** What a worker's own computer has set up for its phones: no job names a program. */
export interface OwnRunners {
  readonly tflite: TfliteSettings | null;
  readonly command: CommandTemplate | null;
}

export interface FarmPhonesOptions {
  /** Closed with this. */
  readonly phones: Phones;
  /** adb's names of those that are offered; null offers all. */
  readonly serials: readonly string[] | null;
  readonly own: OwnRunners;
}

/** How long one wait for a hot phone takes before the worker looks around again. */
const passMs = 10_000;

export class FarmPhones {
  readonly #options: FarmPhonesOptions;
  readonly #offered = new Map<string, OfferedPhone>();
  readonly #asked = new Set<string>();
  readonly #unfollow: () => void;

  constructor(options: FarmPhonesOptions) {
    this.#options = options;
    this.#unfollow = options.phones.onChange(() => this.#look());
  }

  /** Those that have been there since this began. */
  offered(): readonly OfferedPhone[] {
    // One that did not answer is asked again.
    this.#look();
    return [...this.#offered.values()];
  }

  /** Why this computer sees no phones; null where it would. */
  trouble(): Obstacle | null {
    return this.#options.phones.state.trouble;
  }

  async close(): Promise<void> {
    this.#unfollow();
    await this.#options.phones.close();
  }

  #look(): void {
    const { phones, serials } = this.#options;
    for (const { serial, state } of phones.state.phones) {
      const wanted = serials === null || serials.includes(serial);
      if (state !== 'ready' || !wanted || this.#offered.has(serial) || this.#asked.has(serial))
        continue;
      this.#asked.add(serial);
      void this.#ask(serial)
        .catch(() => undefined)
        .finally(() => this.#asked.delete(serial));
    }
  }

  async #ask(serial: string): Promise<void> {
    const device = await this.#options.phones.device(serial);
    const identity = await readIdentity(device);
    if (identity.model === null) return;
    this.#offered.set(serial, offeredPhone(this.#options, device, identity, identity.model));
  }
}

function offeredPhone(
  { phones, own }: FarmPhonesOptions,
  device: Device,
  identity: PhoneIdentity,
  model: string,
): OfferedPhone {
  const { serial } = device;
  const { chip, android } = identity;
  const listing = () => phones.state.phones.find((one) => one.serial === serial) ?? null;
  const read: ReadConditions = (signal, brief) =>
    readConditions(device, { ...(signal && { signal }), ...(brief && { brief }) });
  return {
    ...{ serial, model, chip, android, runners: runnersHere(own) },
    async ready(limitMs, signal) {
      await phones.until(() => listing()?.state === 'ready', limitMs, signal);
      const found = listing();
      if (found === null) return { message: `adb does not see it`, hint: 'Plug it in.' };
      return found.state === 'ready' ? null : obstacle(found);
    },
    take: (purpose) => lockPhone(identity.serialNumber ?? serial, purpose),
    async pass(heard, signal) {
      const gates = { ...defaultMeasuring.gates, limitMs: passMs };
      const keeper = new Gatekeeper(gates, read);
      const conditions = await keeper.pass((event) => {
        if (event.kind === 'waiting') heard(event.conditions, closed(event));
      }, signal);
      heard(conditions, null);
    },
    open: (brief, kept, keep, signal) =>
      openForRun({ device, identity, own, read }, brief, kept, keep, signal),
    blames(error) {
      if (!(error instanceof WorkbenchError)) return null;
      if (error.code === 'phone-in-use') return 'taken';
      if (Object.keys(gateHints).some((reason) => error.code === `phone-${reason}`))
        return 'waiting';
      return isOfPhone(error) || error.code.startsWith('adb-') ? 'away' : null;
    },
  };
}

const closed = ({
  reason,
  message,
}: {
  readonly reason: keyof typeof gateHints;
  readonly message: string;
}): Obstacle => ({ message, hint: gateHints[reason] });

interface Opening {
  readonly device: Device;
  readonly identity: PhoneIdentity;
  readonly own: OwnRunners;
  readonly read: ReadConditions;
}

async function openForRun(
  { device, identity, own, read }: Opening,
  { space, settings }: Brief,
  kept: FarmRunner | null,
  keep: readonly string[],
  signal: AbortSignal,
): Promise<OpenedPhone> {
  const asked = settings.phone ?? defaultPhoneSettings;
  const { intervalPercent, weights, seed, latencyPrecision } = settings;
  const interval = intervalPercent === null ? null : intervalPercent / 100;
  const session = await openMeasuringSession(device, {
    runners: runnersOf({ runner: asked.runner, ...own }, latencyPrecision, kept?.name ?? null),
    settings: measuringSettings(asked, interval),
    readConditions: read,
    ...{ keep, signal },
  });
  try {
    if (kept !== null) assertSameRunner(kept, session.runner);
  } catch (error) {
    await session.close();
    throw error;
  }
  const { name, engine, version, precision } = session.runner;
  const kind = modelKindOf(asked.runner, latencyPrecision, false);
  const modelOf = (genotype: string): WaitingModel =>
    waitingModel(initialNetwork(space, space.parse(genotype), weights, seed, 'deployment'), kind);
  return {
    runner: { name, engine, version, precision },
    digestOf: (genotype) => modelOf(genotype).sha256,
    async measure(genotypes, heard, halt) {
      const measured = await withModelFiles(genotypes.map(modelOf), (files) =>
        session.measure(files, { onEvent: heardBy(heard), signal: halt }),
      );
      return measured.map((one) =>
        one.ok
          ? latencyOf({ measurement: one.measurement, serial: device.serial, identity })
          : one.failure,
      );
    },
    close: () => session.close(),
    abandon: () => session.abandon(),
  };
}

type OnEvent = NonNullable<NonNullable<Parameters<MeasuringSession['measure']>[1]>['onEvent']>;

function heardBy({ onBegun, onConditions }: PhoneEvents): OnEvent {
  return (event) => {
    if (event.kind === 'waiting') onConditions(event.conditions, closed(event));
    if (event.kind === 'running') onBegun(event.sha256);
    if (event.kind === 'running' || event.kind === 'ran') onConditions(event.conditions, null);
  };
}

/** What networks can be run with on phones that are plugged in here. */
function runnersHere({ tflite, command }: OwnRunners): readonly string[] {
  const has = (kind: BundleKind) =>
    [bundlesFolder(), packedFolder()].some((folder) =>
      existsSync(path.join(folder, kind, manifestName)),
    );
  return [
    ...ownRunners.filter((name) => has(bundleOf(name))),
    // The search knows the files that it asks for, which those of a converter are not.
    ...(tflite === null || tflite.converter !== null ? [] : ['tflite']),
    ...(command === null ? [] : ['command']),
  ];
}
