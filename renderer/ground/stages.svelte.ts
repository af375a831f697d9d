/**
 * Parts of a large page that come one after the other, a frame apart: made at once they would keep the window
 * from answering for as long as all of them take together.
 */
import { onMount } from 'svelte';

const frameMs = 16;

/** Within a component: how many parts of `count` are due by now, the first at once. */
export function stages(count: number): { readonly due: number } {
  let due = $state(1);
  onMount(() => {
    // A timer and not a frame: a hidden window has no frames, and its page has to be whole as well.
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
