/** vi.waitFor gives up after a second where nothing is said; vitest has no setting for it, as it has for expect.poll. */
import { inject, vi } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly pollPatience: number;
  }
}

const { waitFor } = vi;
vi.waitFor = (callback, options) =>
  waitFor(
    callback,
    typeof options === 'number' ? options : { timeout: inject('pollPatience'), ...options },
  );
