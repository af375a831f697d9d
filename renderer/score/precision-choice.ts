/** Which precisions a form offers, and why not more. */
import type { AppDescription, EngineWish, Precision } from '../../preload/contract.ts';
import { scoringText as words } from './scoring-text.ts';

export interface PrecisionChoice {
  readonly options: readonly { readonly value: Precision; readonly label: string }[];
  /** Why float32 is the only one; null where there is a choice. */
  readonly obstacle: string | null;
}

/** @param app null before the main side has described the computer */
export function precisionChoice(
  engine: EngineWish,
  app: Pick<AppDescription, 'bf16Obstacle'> | null,
): PrecisionChoice {
  const obstacle = engine === 'onnxruntime' ? words.onlyOnednn : (app?.bf16Obstacle ?? null);
  return { obstacle, options: obstacle === null ? words.precisions : words.precisions.slice(0, 1) };
}
