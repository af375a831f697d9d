/** The design tokens as colours that a canvas understands. */
import type { Status } from './statuses.ts';
import type { Known } from '../../../main/common/known.ts';

export interface Palette {
  readonly surface: string;
  readonly text: string;
  readonly text2: string;
  readonly text3: string;
  readonly grid: string;
  readonly axis: string;
  readonly front: string;
  readonly ghost: string;
  readonly selection: string;
  readonly onSelection: string;
  /** The generation ramp, oldest first, in equal steps. */
  readonly generations: readonly string[];
  readonly generationBytes: readonly RedGreenBlue[];
  readonly status: Readonly<Record<Status, string>>;
  readonly statusBytes: Readonly<Record<Status, RedGreenBlue>>;
  /** What is compared side by side; each has a shape as well. */
  readonly categories: readonly string[];
  readonly categoryBytes: readonly RedGreenBlue[];
  /** What the filter leaves out. */
  readonly fadedBytes: RedGreenBlue;
  readonly accent: string;
  readonly onAccent: string;
  readonly uiFont: string;
  readonly figureFont: string;
}

export type RedGreenBlue = readonly [red: number, green: number, blue: number];

/** How many things can be told apart side by side. */
export const categoryCount = 8;

/** Steps of the ramp that points are painted with. */
export const rampSteps = 33;

/** Which step of the ramp a generation gets: the latest one always stands out. */
export function rampStep(generation: number, last: number): number {
  if (last <= 0) return rampSteps - 1;
  const share = Math.max(0, Math.min(1, generation / last));
  return Math.round(share * (rampSteps - 1));
}

/** The same ramp for style sheets: a mix of the two nearest tokens. */
export function rampColour(generation: number, last: number): string {
  const position = (last <= 0 ? 1 : Math.max(0, Math.min(1, generation / last))) * 8;
  const lower = Math.min(7, Math.floor(position));
  const share = Math.round((position - lower) * 100);
  return `color-mix(in oklab, var(--gen-${lower + 1}) ${share}%, var(--gen-${lower}))`;
}

/** The colours of a status, as tokens; each has a shape as well. */
export const statusTokens: Readonly<Record<Status, string>> = {
  dominated: 'chart-axis',
  front: 'cat-1',
  starred: 'cat-2',
  pinned: 'cat-3',
};

/**
 * Reads the tokens as the browser resolves them for this element: a custom property itself still holds both
 * sides of light-dark(), a computed colour has the right one.
 * @param scheme `light` for what is written to files, whatever the window looks like
 */
export function readPalette(host: HTMLElement, scheme: 'own' | 'light' = 'own'): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  if (scheme === 'light') probe.style.colorScheme = scheme;
  host.append(probe);
  const style = getComputedStyle(probe);
  const colour = (value: string): string => {
    probe.style.color = value;
    return style.color;
  };
  const token = (name: string): string => colour(`var(--${name})`);
  const generations = Array.from({ length: rampSteps }, (_, step) =>
    colour(rampColour(step, rampSteps - 1)),
  );
  const status = {
    dominated: token(statusTokens.dominated),
    front: token(statusTokens.front),
    starred: token(statusTokens.starred),
    pinned: token(statusTokens.pinned),
  };
  const categories = Array.from({ length: categoryCount }, (_, k) => token(`cat-${k + 1}`));
  const ghost = token('chart-ghost');
  const [dominated, front, starred, pinned, fadedBytes] = bytesOf([
    ...[status.dominated, status.front, status.starred, status.pinned, ghost],
  ]) as Known<RedGreenBlue>;
  const palette: Palette = {
    surface: token('surface'),
    text: token('text'),
    text2: token('text-2'),
    text3: token('text-3'),
    grid: token('chart-grid'),
    axis: token('chart-axis'),
    front: token('chart-front'),
    ghost,
    selection: token('selection'),
    onSelection: token('text-on-selection'),
    generations,
    generationBytes: bytesOf(generations),
    status,
    statusBytes: { dominated, front, starred, pinned },
    categories,
    categoryBytes: bytesOf(categories),
    fadedBytes,
    accent: token('accent'),
    onAccent: token('text-on-accent'),
    uiFont: style.getPropertyValue('--font-ui').trim(),
    figureFont: style.getPropertyValue('--font-figures').trim(),
  };
  probe.remove();
  return palette;
}

/** A colour as a canvas normalises it, whatever its notation. */
function bytesOf(colours: readonly string[]): RedGreenBlue[] {
  const canvas = document.createElement('canvas');
  canvas.width = colours.length;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return colours.map(() => [0, 0, 0]);
  colours.forEach((colour, x) => {
    context.fillStyle = colour;
    context.fillRect(x, 0, 1, 1);
  });
  const { data } = context.getImageData(0, 0, colours.length, 1);
  return colours.map((_, x) => [data[x * 4]!, data[x * 4 + 1]!, data[x * 4 + 2]!]);
}
