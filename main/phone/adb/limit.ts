/** Every wait for a phone ends: when it is done, when its time is up, or when it is no longer wanted. */
import { phoneTimeout } from './errors.ts';

export interface Wait {
  readonly serial: string;
  /** What is waited for, for the error's sentence. */
  readonly what: string;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs work that ends soon after its signal aborts.
 * @throws WorkbenchError `phone-timeout`; the reason of the given signal; what the work throws
 */
export async function withTimeLimit<T>(
  { serial, what, limitMs, signal }: Wait,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const onAbort = () => end.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => end.abort(phoneTimeout(serial, what, limitMs)), limitMs);
  const aborted = new Promise<never>((_, reject) => {
    const refuse = () => reject(end.signal.reason as Error);
    if (end.signal.aborted) refuse();
    else end.signal.addEventListener('abort', refuse, { once: true });
  });
  try {
    // Raced, because a library that does not end by itself must not keep anybody waiting.
    return await Promise.race([work(end.signal), aborted]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    aborted.catch(() => undefined);
  }
}
