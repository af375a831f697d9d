/** An answer of the main side that is asked for again whenever something changed, and what changes it. */

/**
 * @param load asks, and keeps what it is told
 * @returns asks now; while an answer is under way, once more after it, however often it is called
 */
export function askedAgain(
  load: () => Promise<void>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let asking: Promise<void> | null = null;
  let again = false;
  async function run(): Promise<void> {
    try {
      while (again) {
        again = false;
        await load();
      }
    } catch (error) {
      onError(error);
    } finally {
      asking = null;
    }
  }
  return () => {
    again = true;
    return (asking ??= run());
  };
}

/** @returns does what a person asked for, tells `onError` what goes wrong, and then refreshes in any case */
export function refreshedAfter(
  refresh: () => Promise<void>,
  onError: (error: unknown) => void,
): (action: () => Promise<unknown>) => Promise<void> {
  return async (action) => {
    try {
      await action();
    } catch (error) {
      onError(error);
    }
    await refresh();
  };
}
