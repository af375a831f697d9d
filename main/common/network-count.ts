/** Numbers of networks, which may be too large to be exact in a double. */
import { z } from 'zod';

/** Integers up to here are exact in a double. */
const mostExact = 2n ** 53n;

/** A count in JSON: a number up to 2^53, beyond that a string of its decimal digits. */
export const networkCountSchema = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)])
  .describe('a number up to 2^53, above that a string of its decimal digits');
export type NetworkCount = z.infer<typeof networkCountSchema>;

export function networkCount(exact: bigint): NetworkCount {
  return exact <= mostExact ? Number(exact) : String(exact);
}

/** What people read of a space: null where nobody counted its networks. */
export function spaceCountText(count: bigint | null, all = false): string {
  return count === null ? 'uncounted' : networkCountText(networkCount(count), all);
}

/** With separators; beyond 15 digits rounded to three, as 5.38 × 10²⁰, unless `all` digits are wanted. */
export function networkCountText(count: NetworkCount, all = false): string {
  const digits = String(count);
  if (all || digits.length <= 15) return BigInt(count).toLocaleString('en-US');
  const [mantissa, exponent] = Number(digits).toExponential(2).split('e+') as [string, string];
  return `${mantissa} × 10${[...exponent].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`;
}
