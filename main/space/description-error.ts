/** What is wrong with a description, and where: the command line prints it, an editor shows it at the field. */
import { WorkbenchError } from '../errors.ts';

export class DescriptionError extends WorkbenchError {
  /** Place in the file, such as `network.backbone.stages[0].stride`; empty for the file as a whole. */
  readonly path: string;
  /** The complaint without its place. */
  readonly what: string;

  /** All faults of the description, this one first. */
  readonly faults: readonly DescriptionError[];

  /**
   * @param valid what would be valid there
   * @param others further faults of the same description; the message names them as well
   */
  constructor(
    path: string,
    what: string,
    valid: string,
    { others = [], ...options }: ErrorOptions & { others?: readonly DescriptionError[] } = {},
  ) {
    const own = placed(path, what);
    super(
      'space-invalid',
      others.length === 0
        ? own
        : `${own} Beyond that: ${others.map((one) => placed(one.path, one.what)).join(' ')}`,
      valid,
      options,
    );
    this.path = path;
    this.what = what;
    this.faults = [this, ...others];
  }

  /** The same fault, carrying others of the same description. */
  with(others: readonly DescriptionError[]): DescriptionError {
    return new DescriptionError(this.path, this.what, this.hint, { cause: this.cause, others });
  }
}

function placed(path: string, what: string): string {
  return path === '' ? what : `${path}: ${what}`;
}

/** @param what without a full stop */
export function invalid(path: string, what: string, valid: string): DescriptionError {
  return new DescriptionError(path, `${what}.`, valid);
}
