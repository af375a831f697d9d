/** Passes a call on once there have been none for a while, with the last value. */
export function debounced<T>(
  call: (value: T) => void,
  quietMs: number,
): { call(value: T): void; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    call(value) {
      clearTimeout(timer);
      timer = setTimeout(() => call(value), quietMs);
    },
    cancel: () => clearTimeout(timer),
  };
}
