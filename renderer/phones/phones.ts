/** What a phone is called, how it is doing in one word, and which steps are still to be taken. Pure. */
import { ownRunners } from '../../main/common/phone-settings.ts';
import type { PhoneRow, PhoneSample, PhonesView } from '../../preload/contract.ts';
import type { TableText } from '../ground/table-text.ts';
import { phonesText as words } from './text.ts';
import { workOf, type PhoneWord } from './at-work/at-work.ts';

/** Galaxy S10: SM-G973 and a letter for the market. */
export function phoneTitle({
  identity,
}: {
  readonly identity: Pick<NonNullable<PhoneRow['identity']>, 'model'> | null;
}): string {
  const model = identity?.model ?? null;
  if (model === null) return words.unknown;
  return /^SM-G973/.test(model) ? words.galaxyS10 : model;
}

/** Serial number, model, chip, Android: what is known. */
export function phoneFacts({ serial, identity }: Pick<PhoneRow, 'serial' | 'identity'>): string {
  const android = identity?.android ? `Android ${identity.android}` : null;
  return [identity?.model, serial, identity?.chip, android].filter(Boolean).join(', ');
}

/** Runners of the product that have not run on a real phone yet; docs/phone.md says what to look at on one. */
const unverifiedRunners: readonly string[] = ownRunners;

/** @param runner as main names it, such as `ort-android-cpu` */
export const isUnverified = (runner: string): boolean => unverifiedRunners.includes(runner);

/** One word about a phone, and its colour. */
export function phoneState(row: PhoneRow): PhoneWord {
  const { state } = words;
  switch (row.state) {
    case 'unauthorized':
      return { word: state.unauthorized, mood: 'waiting' };
    case 'no-permission':
      return { word: state['no-permission'], mood: 'waiting' };
    case 'connecting':
      return { word: state.connecting, mood: 't2' };
    case 'offline':
    case 'not-started':
      return { word: state[row.state], mood: 'failed' };
    case 'ready':
      if (row.problem) return { word: state.failed, mood: 'failed' };
      if (row.measuring) return workOf(row.measuring);
      if (row.check?.running) return { word: state.proving, mood: 'waiting' };
      if (row.gate) return { word: state.gated[row.gate.code] ?? state.notNow, mood: 'hot' };
      if (!row.proof) return { word: state.unproven, mood: 'waiting' };
      return { word: state.ready, mood: 'ok' };
  }
}

/** How many would measure now, how many are waiting for the person, and how many do neither. */
export function countPhones(phones: readonly PhoneRow[]) {
  const count = (test: (row: PhoneRow) => boolean): number => phones.filter(test).length;
  const ready = count(
    ({ state, problem, gate, proof, measuring }) =>
      state === 'ready' &&
      problem === null &&
      (measuring?.state === 'measuring' || (gate === null && proof !== null)),
  );
  const waiting = count(({ state }) => state === 'unauthorized' || state === 'no-permission');
  return { ready, waiting, other: phones.length - ready - waiting };
}

export type StepName = 'adb' | 'seen' | 'allowed' | 'proven' | 'cool';

export interface PhoneStep {
  readonly name: StepName;
  readonly done: boolean;
  /** The first step that is not done: here the person or the phone has to act. */
  readonly now: boolean;
}

/** The five steps of a phone. A step counts only after those before it. */
export function phoneSteps(row: PhoneRow): readonly PhoneStep[] {
  const allowed = row.state === 'ready' && row.problem === null;
  const done: Readonly<Record<StepName, boolean>> = {
    adb: true,
    seen: true,
    allowed,
    // A search only measures with runners that have passed the self-test.
    proven: allowed && (row.proof !== null || row.measuring?.state === 'measuring'),
    cool: allowed && row.conditions !== null && row.gate === null,
  };
  const names = ['adb', 'seen', 'allowed', 'proven', 'cool'] as const;
  const first = names.find((name) => !done[name]);
  return names.map((name) => ({ name, done: done[name], now: name === first }));
}

/** The phone that a search takes by default; undefined where that is not clear. */
export function phoneForSearches({ phones, preferred }: PhonesView): PhoneRow | undefined {
  const ready = phones.filter(({ state }) => state === 'ready');
  return (
    ready.find(({ serial }) => serial === preferred) ?? (ready.length === 1 ? ready[0] : undefined)
  );
}

/** A line through values over time; null values break it. */
export function traceLine(
  points: readonly { readonly atMs: number; readonly value: number | null }[],
  box: { readonly width: number; readonly height: number },
  range: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly least: number;
    readonly most: number;
  },
): string {
  const { width, height } = box;
  const { fromMs, toMs, least, most } = range;
  let path = '';
  let pen = 'M';
  for (const { atMs, value } of points) {
    if (value === null) {
      pen = 'M';
      continue;
    }
    const x = ((atMs - fromMs) / Math.max(1, toMs - fromMs)) * width;
    const y = height - ((value - least) / Math.max(1e-9, most - least)) * height;
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

/** What the trace is drawn of; an empty cell where the phone said nothing. */
export function traceTable(history: readonly PhoneSample[]): TableText {
  const { time, battery, fastest } = words.trace;
  return {
    head: [time, battery, fastest],
    rows: history.map(({ atMs, batteryC, bigKHz }) => [
      new Date(atMs).toISOString(),
      ...[batteryC, bigKHz].map((value) => (value === null ? '' : String(value))),
    ]),
  };
}
