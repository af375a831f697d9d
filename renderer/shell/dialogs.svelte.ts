/** Which of the dialogs is open that any page and the menu may open. */
export type DialogName = 'shortcuts' | 'report';

export class DialogStore {
  #open: DialogName | null = $state(null);

  get current(): DialogName | null {
    return this.#open;
  }

  open(name: DialogName): void {
    this.#open = name;
  }

  close(): void {
    this.#open = null;
  }
}
