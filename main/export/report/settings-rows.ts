/** How a run was searched, as rows of a table. */
import type { SearchSettings } from '../../common/settings/index.ts';
import type { RunInfo } from '../../run/run-store.ts';

type Row = [setting: string, value: string | number];

/** Where images and programs lie on somebody's disk is nobody's business: a report is passed on. */
function toPassOn(settings: SearchSettings): SearchSettings {
  const { data, phone } = settings;
  const tflite = phone?.tflite && {
    ...phone.tflite,
    benchmark: lastPart(phone.tflite.benchmark),
    converter: phone.tflite.converter?.map(wordToPassOn) ?? null,
    flags: phone.tflite.flags.map(wordToPassOn),
  };
  return {
    ...settings,
    data: data && lastPart(data),
    phone: phone && { ...phone, tflite: tflite ?? null },
  };
}

const lastPart = (path: string): string =>
  path.split(/[\\/]/).findLast((part) => part !== '') ?? path;

/** Of `--model=/home/x/net.py` the option is told as well. */
function wordToPassOn(word: string): string {
  const option = /^[^\\/=]*=/.exec(word)?.[0] ?? '';
  return option + lastPart(word.slice(option.length));
}

export function settingsRows({ settings, dataDescription }: RunInfo): Row[] {
  return [
    ...Object.entries(toPassOn(settings)).map(([name, value]): Row => [
      name,
      value === null ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
    ['images', dataDescription],
  ];
}

export function searchedRow({ elapsedSeconds, status, productVersion }: RunInfo): Row {
  return ['searched', `${Math.round(elapsedSeconds)} s, ${status}, version ${productVersion}`];
}
