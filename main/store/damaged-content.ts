/** What a run file holds cannot be understood; the message says where, without the file's name. */
export class DamagedContent extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(what, options);
    this.name = 'DamagedContent';
  }
}
