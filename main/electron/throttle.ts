/** Lets at most one call per interval through: the first at once, the last one of a burst afterwards. */
export interface Throttled {
  (): void;
  /** Forgets a call that is still waiting. */
  cancel(): void;
}

export function throttle(action: () => void, intervalMs: number): Throttled {
  let timer: NodeJS.Timeout | null = null;
  let waiting = false;
  const elapsed = (): void => {
    timer = null;
    if (waiting) fire();
  };
  const fire = (): void => {
    waiting = false;
    timer = setTimeout(elapsed, intervalMs);
    action();
  };
  const throttled = (): void => {
    if (timer) waiting = true;
    else fire();
  };
  return Object.assign(throttled, {
    cancel(): void {
      if (timer) clearTimeout(timer);
      timer = null;
      waiting = false;
    },
  });
}
