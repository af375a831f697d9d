/** What a model file says it gives. */
import { decodeModel } from './decode.ts';

export interface FileOutput {
  readonly name: string;
  /** As the file has it, `N x 3 x ? x ?`; null where it says nothing. */
  readonly shape: string | null;
}

/** @throws WorkbenchError `not-onnx` */
export function fileOutputs(bytes: Uint8Array, label: string): readonly FileOutput[] {
  return (decodeModel(bytes, label).graph?.output ?? []).map(({ name, type }) => {
    const dims = type?.tensorType?.shape?.dim;
    const sizes = dims?.map(({ dimValue }, axis) => {
      const size = Number(dimValue ?? 0);
      return axis === 0 ? 'N' : size > 0 ? String(size) : '?';
    });
    return { name: name ?? '', shape: sizes?.join(' x ') ?? null };
  });
}
