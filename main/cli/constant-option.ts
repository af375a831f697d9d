/** `--constant NAME=VALUE`: replaces an input of a model by numbers. */
import { InvalidArgumentError } from 'commander';
import type { ConstantInputs } from '../graph/onnx/constant-inputs.ts';

/** @param before inputs given by earlier uses of the option */
export function constantInput(typed: string, before: ConstantInputs = {}): ConstantInputs {
  const at = typed.lastIndexOf('=');
  const name = typed.slice(0, Math.max(0, at));
  const parts = typed.slice(at + 1).split(',');
  const values = parts.map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (name === '' || !values.every(Number.isFinite)) {
    throw new InvalidArgumentError(
      'Name an input and its numbers, such as scale_factor=1 or im_shape=320,320.',
    );
  }
  if (Object.hasOwn(before, name)) {
    throw new InvalidArgumentError(`The input "${name}" is given twice.`);
  }
  return { ...before, [name]: values };
}
