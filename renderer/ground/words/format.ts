/** Figures as text, as pages write them. */
import { decimalsFor } from '../../../main/common/figures.ts';

export {
  bytesInWords,
  count,
  countUnit,
  decimalsFor,
  duration,
  fixed,
  integer,
  signed,
  type Unit,
} from '../../../main/common/figures.ts';

/** The name under which a candidate appears everywhere: 7 -> "c-0007". */
export function candidateName(id: number): string {
  return `c-${String(id).padStart(4, '0')}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Decimals for latencies of a run whose quickest network takes `fastestMs`. */
export function latencyDecimals(fastestMs: number): number {
  return Math.max(1, Math.min(3, decimalsFor(fastestMs)));
}

/** "today 09:41", "yesterday 22:03", "12 Mar 2026 09:41" in this computer's time zone. */
export function moment(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
  if (days === 0) return `today ${time}`;
  if (days === 1) return `yesterday ${time}`;
  const month = date.toLocaleString('en-GB', { month: 'short' });
  return `${date.getDate()} ${month} ${date.getFullYear()} ${time}`;
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** File name of a run without its extension, as a title. */
export function runTitle(name: string): string {
  return name.replace(/\.[A-Za-z0-9]+$/, '') || name;
}

/** A span of values that are written already. */
export const fromTo = (low: string, high: string): string => `${low} to ${high}`;

/** A sentence whose figures keep their percent signs beside them when it is broken into lines. */
export const unbroken = (sentence: string): string => sentence.replaceAll(' %', '\u00a0%');
