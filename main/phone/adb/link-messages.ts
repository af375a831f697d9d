/** Messages between the main side and the adb child. Requests run concurrently, and each can be cancelled. */
import type { ErrorReport } from '../../errors.ts';

export type ToChild =
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly method: string;
      readonly payload: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromChild =
  | { readonly kind: 'event'; readonly id: number; readonly event: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorReport };
