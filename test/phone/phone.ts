/**
 * An emulated Galaxy S10 for tests: the real adbd behind a cable that can fail, with arm64 programs run
 * by qemu. See emulator/README.md for what it can and cannot stand for.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkbenchError } from '../../main/errors.ts';
import { ask, publicKey, type AdbPort } from './adb-server.ts';
import { ensureAdbd } from './adbd.ts';
import { atRest, conditionFiles, type Condition, type Screen } from './emulator/condition.ts';
import { removePhoneFiles, writeFile, writePhoneFiles } from './emulator/files.ts';
import { Machine } from './emulator/machine.ts';
import { models, type Model, type ModelName } from './emulator/models.ts';
import { FaultProxy } from './fault-proxy.ts';
import { find } from './requirements.ts';

export interface PhoneOptions {
  readonly model?: ModelName;
  /** ro.serialno. adb itself names the phone by its address. */
  readonly serial?: string;
  /** Asks for RSA authorisation, as every real phone does; then `authorise()` is the tap on its screen. */
  readonly secure?: boolean;
  /** Room in /data/local/tmp, 2 GiB unless told. It is memory of this computer, taken as it fills. */
  readonly dataBytes?: number;
  /** The adb server it is plugged into. */
  readonly server: AdbPort;
  /** Port that adb connects to; a free one unless told. */
  readonly port?: number;
  /** Starts with the cable out. */
  readonly unplugged?: boolean;
}

export class Phone {
  readonly model: Model;
  readonly serial: string;
  /** 127.0.0.1:PORT, adb's name of this phone (`adb -s ADDRESS`). */
  readonly address: string;
  /** The phone's files on this computer. */
  readonly root: string;
  /** The cable: cut(), stall(), throttle(), restore(). */
  readonly cable: FaultProxy;
  readonly #server: AdbPort;
  readonly #machine: Machine;
  #condition: Condition;
  #plugged = false;

  constructor(
    options: PhoneOptions,
    parts: { model: Model; serial: string; root: string; cable: FaultProxy; machine: Machine },
  ) {
    this.model = parts.model;
    this.serial = parts.serial;
    this.root = parts.root;
    this.cable = parts.cable;
    this.address = `127.0.0.1:${parts.cable.port}`;
    this.#machine = parts.machine;
    this.#server = options.server;
    this.#condition = atRest(parts.model);
  }

  get condition(): Condition {
    return this.#condition;
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  /** Battery and chip grow warm, and the thermal status follows (none below 40 degrees). */
  heat(celsius: number): void {
    const limits = [40, 43, 46, 50, 55, 60];
    this.#set({ celsius, thermalStatus: limits.filter((limit) => celsius >= limit).length });
  }

  /** Temperatures, thermal status and frequencies as on a phone that rested. */
  cool(): void {
    const { celsius, thermalStatus, khz } = atRest(this.model);
    this.#set({ celsius, thermalStatus, khz });
  }

  thermalStatus(status: number): void {
    this.#set({ thermalStatus: status });
  }

  /** Sets the frequency of a core and of those that change with it. */
  frequency(core: number, khz: number): void {
    const at = this.model.clusters.findIndex(({ cores }) => cores.includes(core));
    if (at < 0) throw new RangeError(`There is no core ${core}.`);
    this.#set({ khz: this.#condition.khz.with(at, khz) });
  }

  /** Every core at a share of its highest frequency: what heat does to a phone. */
  slow(share = 0.5): void {
    this.#set({ khz: this.model.clusters.map((one) => Math.round(one.maximumKhz * share)) });
  }

  /** @param level percent */
  battery(level: number, celsius = this.#condition.celsius, charging = true): void {
    this.#set({ batteryLevel: level, celsius, charging });
  }

  screen(screen: Screen): void {
    this.#set({ screen });
  }

  /** No byte is left in /data/local/tmp. */
  async fillDisk(): Promise<void> {
    await this.#machine.order('fill');
  }

  /** And there is room again. */
  async freeDisk(): Promise<void> {
    await this.#machine.order('free');
  }

  /** Masks of all `taskset` so far, as they were given. */
  pinnings(): string[] {
    const log = readFileSync(path.join(this.root, 'system/emulator/taskset.log'), 'utf8');
    return log.split('\n').filter((line) => line !== '');
  }

  /** Everything that runs on it ends; after `downMs` it is back, locked, with its files as they were. */
  async reboot(downMs = 300): Promise<void> {
    const plugged = this.#plugged;
    await this.#machine.order('off');
    if (plugged) await this.unplug();
    this.#set({ screen: 'locked' });
    await sleep(downMs);
    await this.#turnOn();
    if (plugged) await this.plug();
  }

  /** The cable out: the adb server sees it at once, as it does with USB. */
  async unplug(): Promise<void> {
    this.#plugged = false;
    this.cable.cut();
    await this.#disconnect();
  }

  /**
   * The cable in, with no fault left in it. Returns when the server lists the phone.
   * @returns its state: `device`, or `unauthorized` until the phone knows the server's key
   */
  async plug(): Promise<'device' | 'unauthorized'> {
    this.#plugged = true;
    this.cable.restore();
    let answer = '';
    let state: string | undefined;
    const deadline = performance.now() + 20_000;
    let askedAt = -Infinity;
    while (performance.now() < deadline) {
      // A server that still holds the end of an earlier connection says "already connected" and then
      // forgets the phone; asked once more it connects. A transport that hangs half-way is dropped first.
      if (performance.now() - askedAt > (state === undefined ? 500 : 5_000)) {
        if (state !== undefined) await this.#disconnect();
        answer = await ask(this.#server.port, `host:connect:${this.address}`);
        askedAt = performance.now();
      }
      state = await this.#state();
      if (state === 'device' || state === 'unauthorized') return state;
      await sleep(10);
    }
    throw new WorkbenchError(
      'emulator-plug',
      `The adb server lists ${this.address} as ${state ?? 'nothing'} after 20 s: ${answer}`,
      'Is the adb server of that port alive?',
    );
  }

  /** The person taps "Allow" on the phone's screen. */
  async authorise(): Promise<void> {
    writeFile(this.root, 'data/misc/adb/adb_keys', `${publicKey(this.#server)}\n`);
    await this.#plugAgain();
  }

  /** The person revokes all authorisations in the phone's settings. */
  async revoke(): Promise<void> {
    rmSync(path.join(this.root, 'data/misc/adb/adb_keys'), { force: true });
    await this.#plugAgain();
  }

  /** Nothing of the phone is left: no process, no mount, no file. */
  async stop(): Promise<void> {
    await this.unplug();
    await this.#machine.stop();
    await this.cable.close();
    forget(this.root);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #turnOn(): Promise<void> {
    const socket = path.join(this.root, 'mnt/adbd.socket');
    await this.#machine.order('on');
    for (let tries = 0; tries < 2000; tries++) {
      if (statSync(socket, { throwIfNoEntry: false })) return;
      await sleep(5);
    }
    throw this.#machine.failure('adbd', 'it does not listen after 10 s');
  }

  async #plugAgain(): Promise<void> {
    if (!this.#plugged) return;
    await this.unplug();
    await this.plug();
  }

  /** The server forgets the phone; one that is down, or has forgotten it already, sees none either. */
  async #disconnect(): Promise<void> {
    await ask(this.#server.port, `host:disconnect:${this.address}`).catch(() => undefined);
  }

  async #state(): Promise<string | undefined> {
    const devices = await ask(this.#server.port, 'host:devices');
    const line = devices.split('\n').find((one) => one.startsWith(`${this.address}\t`));
    return line?.split('\t')[1];
  }

  #set(change: Partial<Condition>): void {
    const before = conditionFiles(this.model, this.#condition);
    this.#condition = { ...this.#condition, ...change };
    for (const [file, text] of conditionFiles(this.model, this.#condition)) {
      if (before.get(file) !== text) writeFile(this.root, file, text);
    }
  }

  /** Use startPhone. */
  async begin(unplugged: boolean): Promise<void> {
    await this.#turnOn();
    if (!unplugged) await this.plug();
  }
}

let phones = 0;

/** Files of phones that are on: they go with this process at the latest. */
const roots = new Set<string>();
process.once('exit', () => {
  roots.forEach(removePhoneFiles);
});

function forget(root: string): void {
  removePhoneFiles(root);
  roots.delete(root);
}

/**
 * Makes a phone that was never used, turns it on and plugs it in.
 * @throws WorkbenchError `emulator-system`, `emulator-packages`, `emulator-build`, `emulator-refused`
 */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const model = models[options.model ?? 'SM-G973F'];
  const serial =
    options.serial ?? `R58M${process.pid % 10_000}${String(phones++).padStart(3, '0')}`;
  const adbd = await ensureAdbd();
  const root = mkdtempSync(path.join(os.tmpdir(), 'zico-phone-'));
  roots.add(root);
  let cable: FaultProxy | undefined;
  let machine: Machine | undefined;
  try {
    const programs = { adbd, mksh: await program('mksh'), toybox: await program('toybox') };
    await writePhoneFiles(root, model, { serial, secure: options.secure ?? false }, programs);
    machine = await Machine.start(root, options.dataBytes ?? 2 * 1024 ** 3);
    cable = await FaultProxy.listen({ path: path.join(root, 'mnt/adbd.socket') }, options.port);
    const phone = new Phone(options, { model, serial, root, cable, machine });
    await phone.begin(options.unplugged ?? false);
    return phone;
  } catch (error) {
    await machine?.stop();
    await cable?.close();
    forget(root);
    throw error;
  }
}

async function program(name: string): Promise<string> {
  const place = await find(name);
  if (place === undefined) throw new Error(`${name} was there a moment ago and is gone.`);
  return place;
}
