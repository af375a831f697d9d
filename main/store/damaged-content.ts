/** The content of a run file makes no sense; the message says where, without the file's name. */
export class DamagedContent extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(what, options);
    this.name = 'DamagedContent';
  }
}
