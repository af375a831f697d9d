/** Follows which phones are connected, for as long as needed; it survives the end of the adb server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { reportOf, type ErrorReport } from '../../errors.ts';
import { createClient, openHostService, type AdbAddress } from './channel.ts';
import { debounced } from './debounce.ts';
import { parseListing, sameListing, type PhoneListing } from './listing.ts';
import { ensureServer } from './server.ts';

export interface TrackRequest {
  readonly adb: AdbAddress;
  /** Milliseconds that starting the server may take. */
  readonly serverLimitMs: number;
}

/** What is known about the phones. */
export type Tracking =
  | { readonly kind: 'phones'; readonly phones: readonly PhoneListing[] }
  /** The server cannot be reached; another attempt follows. */
  | { readonly kind: 'trouble'; readonly error: ErrorReport };

/** Plugging in causes several events within a few milliseconds. */
const quietMs = 100;
/** A phone that waits for a tap on its screen changes its state without the server reporting it. */
const lookAgainMs = 500;
const firstPauseMs = 100;
const longestPauseMs = 5000;

/** Reports the first list at once, and every change. Ends when the signal aborts. */
export async function track(
  { adb, serverLimitMs }: TrackRequest,
  onChange: (tracking: Tracking) => void,
  signal: AbortSignal,
): Promise<void> {
  let told: readonly PhoneListing[] | null = null;
  const tell = (phones: readonly PhoneListing[]): void => {
    if (told !== null && sameListing(told, phones)) return;
    told = phones;
    onChange({ kind: 'phones', phones });
  };
  const settled = debounced(tell, quietMs);
  signal.addEventListener('abort', settled.cancel, { once: true });
  const looks = setInterval(() => {
    if (!(told ?? []).some(({ state }) => state === 'offline' || state === 'connecting')) return;
    // Where the server does not answer, the loop below finds out.
    listOnce(adb, signal).then(settled.call, () => undefined);
  }, lookAgainMs);
  signal.addEventListener('abort', () => clearInterval(looks), { once: true });
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      await ensureServer(adb, serverLimitMs);
      for await (const phones of listings(adb, signal)) {
        pauseMs = firstPauseMs;
        if (told === null) tell(phones);
        else settled.call(phones);
      }
      // The server ended: no phones can be seen until there is another one.
      settled.call([]);
    } catch (error) {
      if (signal.aborted) break;
      settled.cancel();
      told = null;
      onChange({ kind: 'trouble', error: reportOf(error) });
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

async function listOnce(adb: AdbAddress, signal: AbortSignal): Promise<readonly PhoneListing[]> {
  const socket = await openHostService(createClient(adb), 'host:devices', signal);
  const parts: Buffer[] = [];
  for await (const part of socket as AsyncIterable<Buffer>) parts.push(part);
  return parseListing(Buffer.concat(parts).toString('utf8', 4));
}

/** Lists as the server sends them: four hexadecimal digits of length, then the text. */
async function* listings(
  adb: AdbAddress,
  signal: AbortSignal,
): AsyncGenerator<readonly PhoneListing[]> {
  const socket = await openHostService(createClient(adb), 'host:track-devices', signal);
  let rest = Buffer.alloc(0);
  try {
    for await (const piece of socket as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, piece]);
      for (;;) {
        const length = parseInt(rest.toString('latin1', 0, 4), 16);
        if (rest.length < 4 || rest.length < 4 + length) break;
        yield parseListing(rest.toString('utf8', 4, 4 + length));
        rest = rest.subarray(4 + length);
      }
    }
  } catch (error) {
    // A reset means the same as an end: the server is gone.
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  } finally {
    socket.destroy();
  }
}
