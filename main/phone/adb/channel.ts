/** Connections to one phone's services, through the adb server: the one place that speaks adbkit. */
import type { Socket } from 'node:net';
import * as library from '@devicefarmer/adbkit';
import { WorkbenchError } from '../../errors.ts';
import { offline, phoneGone, unauthorized } from './errors.ts';

export interface AdbAddress {
  /** The adb program, which starts the server if none is running. */
  readonly file: string;
  readonly port: number;
}

// CommonJS whose exports Node cannot detect, though a bundler can.
const { Adb } = (library as unknown as { default?: typeof library }).default ?? library;

/** The part of the library that is used; its own types refer to a promise library that is not installed. */
interface Connection {
  readonly socket: Socket;
  readonly parser: {
    readAscii(count: number): PromiseLike<string>;
    /** Rejects with the server's message. */
    readError(): PromiseLike<never>;
  };
}

export interface Client {
  on(event: 'error', listener: (error: Error) => void): void;
  connection(): PromiseLike<Connection>;
  getDevice(serial: string): { transport(): PromiseLike<Connection> };
}

export function createClient({ file, port }: AdbAddress): Client {
  const client = Adb.createClient({ bin: file, host: '127.0.0.1', port }) as unknown as Client;
  // The library reports a broken connection here as well; users of the connection learn of it from the
  // connection.
  client.on('error', () => undefined);
  return client;
}

/**
 * Opens a service of a phone, such as `sync:`. The caller destroys the socket.
 * @throws WorkbenchError `phone-gone`, `phone-unauthorized`, `phone-offline`
 */
export async function openService(
  client: Client,
  serial: string,
  service: string,
  signal: AbortSignal,
): Promise<Socket> {
  try {
    const connection = await client.getDevice(serial).transport();
    return await request(connection, service, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw refused(serial, error);
  }
}

/** Opens a service of the server itself, such as `host:track-devices`. Throws what the server objects. */
export async function openHostService(
  client: Client,
  service: string,
  signal: AbortSignal,
): Promise<Socket> {
  return request(await client.connection(), service, signal);
}

async function request(
  { socket, parser }: Connection,
  service: string,
  signal: AbortSignal,
): Promise<Socket> {
  const destroy = () => socket.destroy();
  if (signal.aborted) destroy();
  // Remains for the socket's lifetime: aborting ends it, whoever is reading from it.
  signal.addEventListener('abort', destroy, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', destroy));
  try {
    const text = Buffer.from(service);
    socket.write(Buffer.concat([Buffer.from(text.length.toString(16).padStart(4, '0')), text]));
    const reply = await parser.readAscii(4);
    if (reply === 'FAIL') await parser.readError();
    if (reply !== 'OKAY') throw new Error(`unexpected answer ${reply}`);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The server's answer in place of a connection. */
function refused(serial: string, error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('unauthorized')) return unauthorized(serial);
  if (message.includes('offline')) return offline(serial);
  if (message.includes('not found')) return phoneGone(serial, 'adb does not see it', error);
  return phoneGone(serial, firstLine(message), error);
}

export function firstLine(text: string): string {
  return text.trim().split('\n')[0]!.replace(/\.$/, '');
}
