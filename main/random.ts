/** Seeds and generators: everything random in the product is a function of named seeds. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

export type { RandomGenerator };

/**
 * A 32-bit seed out of anything that names a stream (run seed, genotype, layer name, generation):
 * FNV-1a over UTF-16 code units, finished with murmur3's mixer so that near names lie far apart.
 */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  const text = parts.join('\u001f');
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A fresh generator for the stream that the parts name. */
export function generatorFor(...parts: readonly (string | number)[]): RandomGenerator {
  return xoroshiro128plus(seedOf(...parts));
}
