/**
 * Parts of a large page that are created one after the other, a frame apart: created at once they would block
 * the window for as long as all of them take together.
 */
import { onMount } from 'svelte';

const frameMs = 16;

/** Within a component: how many parts of `count` are due by now, the first at once. */
export function stages(count: number): { readonly due: number } {
  let due = $state(1);
  onMount(() => {
    // A timer and not an animation frame, because a hidden window has none, and its page has to be complete as
    // well.
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      timer = setTimeout(() => {
        due++;
        if (due < count) wait();
      }, frameMs);
    };
    if (due < count) wait();
    return () => clearTimeout(timer);
  });
  return {
    get due() {
      return due;
    },
  };
}
