/** Finds out what stands at an address whose connection failed: a client's own error often names only the reset. */
import net from 'node:net';
import tls from 'node:tls';
import type { FarmAccess } from './address.ts';
import { alertOf } from './tls-alert.ts';

const answerMs = 2000;
/** TLS 1.3 refuses a client's certificate only after the handshake. */
const alertMs = 500;
const mostSaid = 300;

/** The first line that it says to an unencrypted PING; null where it says nothing. */
export function saidPlainly({ host, port }: FarmAccess['address']): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const end = (said: string | null): void => {
      socket.destroy();
      resolve(said);
    };
    socket.setTimeout(answerMs, () => end(null));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      const [line = ''] = data.toString('latin1', 0, mostSaid).split('\r\n');
      end(line);
    });
    socket.once('error', () => end(null));
    socket.once('end', () => end(null));
  });
}

/** True for what a Redis says, whether or not it grants access. */
export function isRedis(said: string | null): boolean {
  return said !== null && /^(\+PONG|-[A-Z]+ )/.test(said);
}

/** How a TLS handshake ends, whoever signed the server's certificate; `ended` is by an alert of the server. */
export type Handshake =
  | { readonly outcome: 'none' }
  | { readonly outcome: 'done' }
  | { readonly outcome: 'ended'; readonly alert: string };

export function handshake({ address, certificate, key }: FarmAccess): Promise<Handshake> {
  const { host, port } = address;
  return new Promise((resolve) => {
    let done = false;
    const socket = tls.connect({
      ...{ host, port, rejectUnauthorized: false },
      ...(net.isIP(host) === 0 && { servername: host }),
      ...(certificate !== null && key !== null && { cert: certificate, key }),
    });
    const end = (found: Handshake): void => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(answerMs, () => end({ outcome: done ? 'done' : 'none' }));
    socket.once('secureConnect', () => {
      done = true;
      setTimeout(() => end({ outcome: 'done' }), alertMs);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const alert = alertOf(error);
      if (alert !== null) end({ outcome: 'ended', alert });
      else end({ outcome: done ? 'done' : 'none' });
    });
  });
}
