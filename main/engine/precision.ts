/** The arithmetic of an engine's convolutions; everything else is always single precision. */
import type { Precision, PrecisionWish } from '../common/engines.ts';
import { WorkbenchError } from '../errors.ts';
import type { InstructionSet } from './instructions.ts';

export type { Precision, PrecisionWish };

/** The convolutions' operands of a stored identity or plan: those older than the choice are float32. */
export function precisionOf({ precision }: { readonly precision?: Precision }): Precision {
  return precision ?? 'float32';
}

/** As identities and plans hold it: float32 is left out, so that those older than the choice stay equal. */
export function precisionField(precision: Precision): {
  readonly precision?: Exclude<Precision, 'float32'>;
} {
  return precision === 'float32' ? {} : { precision };
}

/** A version with what else identifies it: `2.6.3+k6 in bf16 (avx512)`. */
export function versionInWords(of: {
  readonly version: string;
  readonly precision?: Precision;
  readonly instructions?: InstructionSet;
}): string {
  const precision = precisionOf(of);
  const rounded = precision === 'float32' ? '' : ` in ${precision}`;
  return `${of.version}${rounded}${of.instructions ? ` (${of.instructions})` : ''}`;
}

/** Where bf16 is asked for and only onednn on another processor could have it. */
export function bf16Unavailable(): WorkbenchError {
  return new WorkbenchError(
    'precision-unavailable',
    'This processor does not multiply bfloat16 numbers, so the onednn engine cannot score with bf16 convolutions.',
    'Score in float32, or on a processor with AVX512_BF16.',
  );
}
