import { integer } from './format.ts';

/** "1 network", "1,000 networks". */
export const plural = (n: number, one: string, many: string): string =>
  `${integer(n)} ${n === 1 ? one : many}`;
