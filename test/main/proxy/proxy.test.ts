import { expect, it } from 'vitest';
import { readingOf } from '../../../main/proxy/proxy.ts';
import { synflow } from '../../../main/proxy/synflow.ts';

it.each([Infinity, -Infinity, NaN])('a proxy that is %d has no value, and says why', (value) => {
  expect(readingOf(value)).toEqual({ value: null, reason: `it is ${value}` });
});

it('a proxy that grows beyond every number is infinite: no value', () => {
  const layer = {
    weights: new Float32Array([1]),
    gradient: new Float32Array([1]),
    scale: Infinity,
  };
  expect(synflow.score([layer])).toEqual({ value: null, reason: 'it is Infinity' });
});
