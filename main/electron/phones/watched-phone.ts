/** What the window knows about a connected phone: asked now and then, but never while it is measuring. */
import type { PhoneCheck, PhoneRow, PhoneSample } from '../../../preload/contract.ts';
import { reportOf, WorkbenchError, type ErrorReport } from '../../errors.ts';
import { obstacle, type PhoneListing } from '../../phone/adb/listing.ts';
import type { CoreCluster } from '../../common/phones.ts';
import type { PhoneConditions } from '../../common/phone-conditions.ts';
import { readConditions } from '../../phone/conditions.ts';
import type { Device } from '../../phone/device.ts';
import type { PhoneIdentity } from '../../common/phones.ts';
import { readIdentity } from '../../phone/identity.ts';
import { closedGate, defaultGates, gateHints } from '../../phone/protocol/gates.ts';
import { readStorage, type PhoneStorage } from '../../phone/storage.ts';

/** How far the trace of temperature and frequency goes back. */
const historyMs = 30 * 60_000;
/** Its points are at least this far apart. */
const sampleMs = 5000;

export class WatchedPhone {
  readonly serial: string;
  #state: PhoneListing['state'];
  #sinceMs: number;
  #identity: PhoneIdentity | null = null;
  #conditions: PhoneConditions | null = null;
  #storage: PhoneStorage | null = null;
  #failure: ErrorReport | null = null;
  #history: PhoneSample[] = [];
  check: PhoneCheck | null = null;

  constructor({ serial, state }: PhoneListing, nowMs: number) {
    this.serial = serial;
    this.#state = state;
    this.#sinceMs = nowMs;
  }

  get ready(): boolean {
    return this.#state === 'ready';
  }

  /** The number on the phone itself, once known. */
  get number(): string {
    return this.#identity?.serialNumber ?? this.serial;
  }

  /** Whether its identity is known. */
  get asked(): boolean {
    return this.#identity !== null;
  }

  hear(state: PhoneListing['state'], nowMs: number): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#sinceMs = nowMs;
    this.#failure = null;
    // The same name may belong to another phone, or to the same one after an update.
    this.#identity = null;
    this.#conditions = null;
  }

  /** Asks the phone how it is doing; errors are kept and shown. */
  async ask(device: Device, signal: AbortSignal): Promise<void> {
    const since = this.#sinceMs;
    try {
      const [identity, conditions, storage] = await Promise.all([
        this.#identity ?? readIdentity(device, { signal }),
        readConditions(device, { signal }),
        readStorage(device, { signal }),
      ]);
      if (since !== this.#sinceMs) return; // it was unplugged meanwhile
      this.#identity = identity;
      this.#storage = storage;
      this.#failure = null;
      this.observe(conditions);
    } catch (error) {
      if (!signal.aborted && since === this.#sinceMs) this.#failure = reportOf(error);
    }
  }

  /** Also takes what a measurement read, since nobody else asks then. */
  observe(conditions: PhoneConditions): void {
    if (conditions.readAtMs < (this.#conditions?.readAtMs ?? 0)) return;
    this.#conditions = conditions;
    const { readAtMs: atMs, batteryC, coreKHz } = conditions;
    const last = this.#history.at(-1);
    if (last && atMs - last.atMs < sampleMs) return;
    const bigKHz = fastest(this.#identity?.clusters.at(-1), coreKHz);
    this.#history = this.#history.filter((one) => atMs - one.atMs <= historyMs);
    this.#history.push({ atMs, batteryC, bigKHz });
  }

  row(proof: PhoneRow['proof'], measuring: PhoneRow['measuring']): PhoneRow {
    const known = obstacle({ serial: this.serial, state: this.#state });
    return {
      serial: this.serial,
      state: this.#state,
      sinceMs: this.#sinceMs,
      problem: known?.toReport() ?? this.#failure,
      identity: this.#identity,
      conditions: this.#conditions,
      storage: this.#storage,
      gate: this.#conditions && gateOf(this.#conditions),
      history: this.#history,
      proof,
      check: this.check,
      measuring,
    };
  }
}

function gateOf(conditions: PhoneConditions): ErrorReport | null {
  const gate = closedGate(conditions, defaultGates);
  if (!gate) return null;
  const { reason, message } = gate;
  return new WorkbenchError(`phone-${reason}`, message, gateHints[reason]).toReport();
}

function fastest(big: CoreCluster | undefined, coreKHz: PhoneConditions['coreKHz']): number | null {
  const known = (big?.cores ?? []).map((core) => coreKHz[core] ?? 0).filter((khz) => khz > 0);
  return known.length > 0 ? Math.max(...known) : null;
}
