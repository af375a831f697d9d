/** An answer of the main side that is asked for again whenever something changed, and what changes it. */

/**
 * @param load asks, and keeps the answer
 * @returns a function that asks now or, while an answer is on its way, once more after it, however often it is
 * called
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

/**
 * @returns a function that runs an action of the person's, passes errors to `onError`, and then refreshes in
 * any case
 */
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
