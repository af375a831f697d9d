/** Figures as text: fixed decimals, a proper minus sign, suitable units. */

const minus = '−';

export function fixed(value: number, decimals = 0): string {
  const text = value.toFixed(decimals);
  // -0.0 would look like a mistake.
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', minus);
}

/** A number with its sign, for differences. */
export function signed(value: number, decimals = 0): string {
  const text = fixed(value, decimals);
  return text.startsWith(minus) ? text : `+${text}`;
}

const grouping = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 32768 -> "32,768" */
export function integer(value: number): string {
  return grouping.format(value);
}

/** "1 network", "1,000 networks". */
export function plural(n: number, one: string, many: string): string {
  return `${integer(n)} ${n === 1 ? one : many}`;
}

export interface Unit {
  readonly divisor: number;
  readonly symbol: '' | 'k' | 'M' | 'G';
}

/** The unit in which counts up to `largest` read best. */
export function countUnit(largest: number): Unit {
  if (largest >= 1e9) return { divisor: 1e9, symbol: 'G' };
  if (largest >= 1e6) return { divisor: 1e6, symbol: 'M' };
  if (largest >= 1e4) return { divisor: 1e3, symbol: 'k' };
  return { divisor: 1, symbol: '' };
}

/** Decimals that give about three significant figures for values up to `largest`. */
export function decimalsFor(largest: number): number {
  const size = Math.abs(largest);
  if (!(size > 0) || size >= 1000) return 0;
  return Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(size))));
}

/** 713674 -> "714 k" */
export function count(value: number): string {
  const unit = countUnit(value);
  const scaled = value / unit.divisor;
  const decimals = unit.symbol === '' ? 0 : decimalsFor(scaled);
  return `${fixed(scaled, decimals)}${unit.symbol && ` ${unit.symbol}`}`;
}

/** At most two units: "45 s", "2 min 50 s", "1 h 24 min", "3 d 4 h". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const parts: [number, string, number, string] =
    whole < 3600
      ? [Math.floor(whole / 60), 'min', whole % 60, 's']
      : whole < 172_800
        ? [Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min']
        : [Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3600), 'h'];
  const [large, largeUnit, small, smallUnit] = parts;
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** The factors of suffixes in typed numbers: 500 k, 1.5 M. */
export const suffixFactors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** A size on a disk: `1.4 GB`, `23 MB`; powers of a thousand, as file managers count. */
export function bytesInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 9.95 ? 0 : 1)} ${units[unit]}`;
}
