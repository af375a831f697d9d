/** How the asking side names a parameter: as an option of a command, a key of a configuration, or a property. */
export type Called = (name: string) => string;

/** Options that are not named like their keys. */
const shorter: Readonly<Record<string, string>> = { intervalPercent: 'interval', seconds: 'time' };

/** `batchSize` is the option `--batch-size`. */
export const asOption: Called = (name) =>
  `--${(shorter[name] ?? name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The name in programs and configurations. */
export const asKey: Called = (name) => name;
