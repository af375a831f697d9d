/** The one selection that drives every view of a run. Hovering only previews. */
export class Selection {
  #id: number | null = $state(null);
  #hovered: number | null = $state(null);

  /** Id of the selected candidate. */
  get id(): number | null {
    return this.#id;
  }

  get hovered(): number | null {
    return this.#hovered;
  }

  select(id: number | null): void {
    this.#id = id;
  }

  hover(id: number | null): void {
    this.#hovered = id;
  }
}
