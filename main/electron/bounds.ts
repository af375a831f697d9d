/** Where the window was, so that it opens there again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

export interface WindowBounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const pixels = z.number().int();
const savedBounds = z.object({
  x: pixels,
  y: pixels,
  width: pixels,
  height: pixels,
  maximized: z.boolean(),
});
export type SavedBounds = z.infer<typeof savedBounds>;

export const defaultSize = { width: 1280, height: 800 } as const;
export const minimumSize = { width: 900, height: 600 } as const;

/** Null where nothing was saved, or nothing readable: the window then opens at its default place. */
export function readBounds(file: string): SavedBounds | null {
  try {
    return savedBounds.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** At once: the process may be about to end. */
export function writeBounds(file: string, bounds: SavedBounds): void {
  writeFileSync(file, JSON.stringify(bounds));
}

/**
 * Saved bounds adapted to the present screens; without a position where that screen is gone, so that a window
 * never opens out of sight.
 */
export function fittingBounds(
  saved: WindowBounds | null,
  screens: readonly WindowBounds[],
): Partial<WindowBounds> & { width: number; height: number } {
  if (!saved) return { ...defaultSize };
  const screen = screens.find((one) => holdsTitleBar(one, saved));
  const width = Math.max(minimumSize.width, Math.min(saved.width, screen?.width ?? saved.width));
  const height = Math.max(
    minimumSize.height,
    Math.min(saved.height, screen?.height ?? saved.height),
  );
  return screen ? { x: saved.x, y: saved.y, width, height } : { ...defaultSize };
}

/** Enough of the title bar to grab. */
function holdsTitleBar(screen: WindowBounds, { x, y, width }: WindowBounds): boolean {
  const visible = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  return visible >= 200 && y >= screen.y && y < screen.y + screen.height - 40;
}
