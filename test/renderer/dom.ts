/** What jsdom lacks and the window needs: sizes, media queries, canvases. */
import { configure, screen } from '@testing-library/svelte';
import { vi } from 'vitest';

// Other tests share the cores: what takes 100 ms alone may take a second beside them.
configure({ asyncUtilTimeout: 20_000 });

class StillObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

export function prepareDom({ dark = false } = {}): void {
  vi.stubGlobal('ResizeObserver', StillObserver);
  window.matchMedia = (media: string): MediaQueryList =>
    Object.assign(new EventTarget(), {
      media,
      matches: dark && media.includes('dark'),
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
    });
  HTMLCanvasElement.prototype.getContext = () => null;
  Element.prototype.scrollIntoView = () => undefined;
  localStorage.clear();
  location.hash = '';
}

/** Waits until a run's page is whole: its parts come one after the other. */
export async function wholeRun(): Promise<void> {
  await screen.findByRole('table', { name: 'Candidates' });
  await screen.findByRole('complementary', { name: 'Selected candidate' });
}
