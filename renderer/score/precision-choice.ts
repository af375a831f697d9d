/** Which precisions a form offers, and why there are not more. */
import type { AppDescription, EngineWish, PrecisionWish } from '../../preload/contract.ts';
import { scoringText as words } from './scoring-text.ts';

export interface PrecisionChoice {
  readonly options: readonly { readonly value: PrecisionWish; readonly label: string }[];
  /** Why not all of them; null where nothing is missing. */
  readonly obstacle: string | null;
}

/** @param app null before the main side has described the computer */
export function precisionChoice(
  engine: EngineWish,
  app: Pick<AppDescription, 'bf16Obstacle'> | null,
): PrecisionChoice {
  const options = (missing: readonly PrecisionWish[]) =>
    words.precisions.filter(({ value }) => !missing.includes(value));
  if (engine === 'onnxruntime') {
    return { obstacle: words.onlyOnednn, options: options(['float32-winograd', 'bf16']) };
  }
  const obstacle = app?.bf16Obstacle ?? null;
  return { obstacle, options: options(obstacle === null ? [] : ['bf16']) };
}

/** The chosen precision if it is offered; the choice returns when it becomes possible again. */
export function offered(wish: PrecisionWish, { options }: PrecisionChoice): PrecisionWish {
  return options.some(({ value }) => value === wish) ? wish : 'auto';
}
