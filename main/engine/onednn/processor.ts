/** What can be learned about this computer without loading the add-on. */
import { thisProcessor } from '../instructions.ts';
import { builtVersion } from './addon.ts';

/**
 * Why bf16 convolutions are not available here, in one sentence; null where there is no obstacle. Only Linux
 * says what its processor has; elsewhere the scoring child refuses by name what it cannot do.
 * @param cpuinfo the system's description of its processors; null where there is none
 */
export function bf16Obstacle(
  version = builtVersion(),
  cpuinfo: string | null = thisProcessor().cpuinfo,
): string | null {
  if (version === null) return 'bf16 needs the onednn engine, which was not built.';
  if (cpuinfo === null || /^flags\s*:.*\bavx512_bf16\b/m.test(cpuinfo)) return null;
  return 'bf16 needs a processor that multiplies bfloat16 numbers (AVX512_BF16); this one does not.';
}
