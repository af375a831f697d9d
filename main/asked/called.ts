/** How whoever asks calls what can be asked for: an option of a command, a key of a configuration, a property. */
export type Called = (name: string) => string;

/** Options that are not called as their keys. */
const shorter: Readonly<Record<string, string>> = { intervalPercent: 'interval', seconds: 'time' };

/** `batchSize` is the option `--batch-size`. */
export const asOption: Called = (name) =>
  `--${(shorter[name] ?? name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** As it stands in programs and configurations. */
export const asKey: Called = (name) => name;
