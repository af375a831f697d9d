/** What is wrong with a description, and where: the command line prints it, an editor puts it at the field. */
import { WorkbenchError } from '../errors.ts';

export class DescriptionError extends WorkbenchError {
  /** Place in the file, such as `network.backbone.stages[0].stride`; empty for the file as a whole. */
  readonly path: string;
  /** The complaint without its place. */
  readonly what: string;

  /** @param valid what would be valid there */
  constructor(path: string, what: string, valid: string, options?: ErrorOptions) {
    super('space-invalid', path === '' ? what : `${path}: ${what}`, valid, options);
    this.path = path;
    this.what = what;
  }
}
