/** Types for the part of js-yaml 4 that is used. */
declare module 'js-yaml' {
  /** The position of the reader. */
  export interface State {
    /** Counted from 0. */
    readonly line: number;
    readonly kind: 'scalar' | 'sequence' | 'mapping' | null;
    readonly result: unknown;
  }
  export interface LoadOptions {
    readonly filename?: string;
    readonly schema?: unknown;
    /** Called when a value starts, and when it has been read. */
    readonly listener?: (event: 'open' | 'close', state: State) => void;
  }
  export const JSON_SCHEMA: unknown;
  export function load(text: string, options?: LoadOptions): unknown;
  export function dump(value: unknown, options?: { readonly lineWidth?: number }): string;
  export class YAMLException extends Error {
    readonly reason: string;
    readonly mark?: { readonly line: number; readonly column: number };
  }
}
