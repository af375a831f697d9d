/** An option of a select. Options of one group stand together, under its name. */
export interface SelectOption<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly group?: string | undefined;
}
