/** The part of js-yaml 4 that is used. */
declare module 'js-yaml' {
  /** Where the reader is. */
  export interface State {
    /** From 0 on. */
    readonly line: number;
    readonly kind: 'scalar' | 'sequence' | 'mapping' | null;
    readonly result: unknown;
  }
  export interface LoadOptions {
    readonly filename?: string;
    readonly schema?: unknown;
    /** Called where a value begins, and where it has been read. */
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
