/** Phones that were started from a terminal: a folder of the user's says which, and each can be spoken to. */
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { WorkbenchError, type ErrorReport } from '../../main/errors.ts';
import { cacheFolder } from './adbd.ts';
import type { ModelName } from './emulator/models.ts';

export interface Running {
  readonly serial: string;
  readonly model: ModelName;
  /** adb's name of the phone. */
  readonly address: string;
  /** The adb server it is plugged into. */
  readonly adbPort: number;
  /** Process that holds it. */
  readonly pid: number;
}

export interface Request {
  readonly command: string;
  readonly args: readonly string[];
}

export type Reply = { readonly text: string } | { readonly error: ErrorReport };

function folder(): string {
  const place = path.join(cacheFolder(), 'running');
  mkdirSync(place, { recursive: true, mode: 0o700 });
  return place;
}

const card = (serial: string): string => path.join(folder(), `${serial}.json`);
export const socketOf = (serial: string): string => path.join(folder(), `${serial}.sock`);
export const logOf = (serial: string): string => path.join(folder(), `${serial}.log`);

export function note(phone: Running): void {
  writeFileSync(card(phone.serial), JSON.stringify(phone));
}

export function forget(serial: string): void {
  for (const file of [card(serial), socketOf(serial), logOf(serial)]) rmSync(file, { force: true });
}

/** Phones that are on; what is left of others is swept away. */
export function list(): Running[] {
  const all = readdirSync(folder()).filter((name) => name.endsWith('.json'));
  return all.sort().flatMap((name) => {
    const phone = JSON.parse(readFileSync(path.join(folder(), name), 'utf8')) as Running;
    if (existsSync(`/proc/${phone.pid}`)) return [phone];
    forget(phone.serial);
    return [];
  });
}

/** @throws WorkbenchError `phone-none`, `phone-which`, `phone-unknown` */
export function pick(serial: string | undefined): Running {
  const phones = list();
  const named = phones.find((phone) => phone.serial === serial);
  if (named) return named;
  const names = phones.map((phone) => phone.serial).join(', ');
  const [only, other] = phones;
  if (!only) {
    throw new WorkbenchError('phone-none', 'No phone is on.', 'Start one: npm run phone -- start');
  }
  if (serial !== undefined) {
    throw new WorkbenchError('phone-unknown', `No phone ${serial} is on.`, `On are: ${names}`);
  }
  if (other) {
    throw new WorkbenchError(
      'phone-which',
      'Several phones are on.',
      `Add --serial, one of ${names}`,
    );
  }
  return only;
}

/** Tells a running phone to do something and waits until it has. */
export async function tell(serial: string, request: Request): Promise<string> {
  const socket = net.connect(socketOf(serial));
  socket.end(JSON.stringify(request));
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  await once(socket, 'close');
  const line = Buffer.concat(parts).toString();
  if (line === '') {
    throw new WorkbenchError('emulator-gone', `${serial} ended.`, `Its log: ${logOf(serial)}`);
  }
  const reply = JSON.parse(line) as Reply;
  if ('error' in reply) throw WorkbenchError.fromReport(reply.error);
  return reply.text;
}
