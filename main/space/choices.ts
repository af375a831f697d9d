/** Choices of a description as lists of values. */
import type { Choice, Convolution } from '../common/space-description.ts';

export interface Values {
  /** The gene's own name, where the description gives one. */
  readonly gene: string | null;
  /** A single value is not a choice. */
  readonly values: readonly number[];
}

export function valuesOf(choice: Choice): Values {
  if (typeof choice === 'number') return { gene: null, values: [choice] };
  if (choice instanceof Array) return { gene: null, values: choice };
  const { gene = null } = choice;
  if ('choices' in choice) return { gene, values: choice.choices };
  const { from, to, step } = choice;
  const count = Math.max(Math.floor((to - from) / step) + 1, 0);
  return { gene, values: Array.from({ length: count }, (_, i) => from + i * step) };
}

/** Channels in a group; 0 stands for the regular convolution, 1 for the depthwise one. */
export function groupSizeOf(convolution: Convolution): number {
  if (convolution === 'regular') return 0;
  return convolution === 'depthwise' ? 1 : convolution.group;
}

export function convolutionLabel(groupSize: number): string {
  if (groupSize === 0) return 'regular';
  return groupSize === 1 ? 'depthwise' : `g${groupSize}`;
}

export function isOfferedFor(convolution: Convolution, channels: number): boolean {
  if (typeof convolution === 'string') return true;
  return convolution.channels?.includes(channels) ?? true;
}

/** A single value is a list of one. */
export function listOf<T>(one: T | readonly T[]): readonly T[] {
  return Array.isArray(one) ? (one as readonly T[]) : [one as T];
}

/** Channels inside an inverted residual block: the nearest whole number, at least one. */
export function expandedChannels(channels: number, expansion: number): number {
  return Math.max(1, Math.round(channels * expansion));
}
