import { describe, expect, it } from 'vitest';
import { networkCount, networkCountText } from '../../../main/common/network-count.ts';

describe('a number of networks', () => {
  it.each([
    [32_768n, '32,768'],
    [999_999_999_999_999n, '999,999,999,999,999'],
    [544_195_584_000_000_000_000n, '5.44 × 10²⁰'],
  ])('%s is read as %s', (exact, text) => {
    expect(networkCountText(networkCount(exact))).toBe(text);
  });
});
