/** `--constant NAME=VALUE`: replaces an input of a model by numbers. */
import { InvalidArgumentError } from 'commander';
import { typedNumbers } from '../common/named-numbers.ts';
import type { ConstantInputs } from '../graph/onnx/constant-inputs.ts';

/** @param before inputs given by earlier uses of the option */
export function constantInput(typed: string, before: ConstantInputs = {}): ConstantInputs {
  const pair = typedNumbers(typed);
  if (!pair) {
    throw new InvalidArgumentError(
      'Name an input and its numbers, such as scale_factor=1 or im_shape=320,320.',
    );
  }
  const [name, values] = pair;
  if (Object.hasOwn(before, name)) {
    throw new InvalidArgumentError(`The input "${name}" is given twice.`);
  }
  return { ...before, [name]: values };
}
