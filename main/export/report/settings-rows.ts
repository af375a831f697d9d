/** How a run was searched, as rows of a table. */
import type { RunInfo } from '../../run/run-store.ts';

type Row = [setting: string, value: string | number];

export function settingsRows({ settings, dataDescription }: RunInfo): Row[] {
  return [
    ...Object.entries(settings).map(([name, value]): Row => [
      name,
      value === null ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
    ['images', dataDescription],
  ];
}

export function searchedRow({ elapsedSeconds, status, productVersion }: RunInfo): Row {
  return ['searched', `${Math.round(elapsedSeconds)} s, ${status}, version ${productVersion}`];
}
