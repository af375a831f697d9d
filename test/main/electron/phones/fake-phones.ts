/** Phones that a test plugs in and out by hand; they answer what the product asks, and count how often. */
import type { Device } from '../../../../main/phone/device.ts';
import type { PhoneListing } from '../../../../main/phone/adb/listing.ts';
import type { PhonesState } from '../../../../main/phone/phones.ts';
import type { WatchedPhones } from '../../../../main/electron/phones/watch.ts';

/** What a shell prints, by what is in the command. */
export interface FakePhone {
  serial: string;
  celsius: number;
  /** How often it was asked how it does. */
  asked: number;
  failure: Error | null;
}

export function fakePhone(serial: string): FakePhone {
  return { serial, celsius: 29.5, asked: 0, failure: null };
}

export class FakePhones implements WatchedPhones {
  readonly phones = new Map<string, FakePhone>();
  closed = false;
  #listeners = new Set<(state: PhonesState) => void>();
  #state: PhonesState = { adbFile: null, phones: [], trouble: null };

  onChange(listener: (state: PhonesState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(change: Partial<PhonesState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener(this.#state);
  }

  plug(phone: FakePhone, state: PhoneListing['state'] = 'ready'): void {
    this.phones.set(phone.serial, phone);
    const others = this.#state.phones.filter(({ serial }) => serial !== phone.serial);
    this.tell({ phones: [...others, { serial: phone.serial, state }] });
  }

  unplug({ serial }: FakePhone): void {
    this.phones.delete(serial);
    this.tell({ phones: this.#state.phones.filter((one) => one.serial !== serial) });
  }

  async device(serial: string): Promise<Device> {
    const refuse = () => Promise.reject(new Error('These tests push nothing.'));
    return {
      serial,
      push: refuse,
      pull: refuse,
      shell: async (command) => {
        const phone = this.phones.get(serial);
        if (!phone) throw new Error('it is gone');
        if (phone.failure) throw phone.failure;
        return { exitCode: 0, stderr: '', stdout: answer(phone, command) };
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

function answer(phone: FakePhone, command: string): string {
  if (command.startsWith('df')) {
    return 'Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/fuse 1000 400 600 40% /data\n';
  }
  if (command.startsWith('getprop')) {
    const told = { 'ro.product.model': 'SM-G973F', 'ro.serialno': `no-${phone.serial}` };
    const lines = Object.entries(told).map(([name, value]) => `[${name}]: [${value}]`);
    return [...lines, '@core 0 1950000', '@core 1 2730000', ''].join('\n');
  }
  phone.asked++;
  return [
    '@battery\n  level: 84\n  USB powered: true',
    `  temperature: ${phone.celsius * 10}`,
    '@thermal\nThermal Status: 0\n@power\nmWakefulness=Awake',
    '@cores\n0 1000000 1950000\n1 2730000 2730000\n@zones\n',
  ].join('\n');
}
