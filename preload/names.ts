/**
 * The names that may cross the bridge. They repeat the contract's keys because the contract carries
 * its schemas with it, and a preload that loads a schema library makes every start slower. The
 * compiler refuses a missing or an additional name.
 */
import type { EventName, MethodName } from './contract.ts';

const methods = {
  'app.describe': true,
  'spaces.list': true,
  'data.chooseFolder': true,
  'search.start': true,
  'search.stop': true,
  'search.resume': true,
  'runs.list': true,
  'runs.chooseFile': true,
  'runs.opened': true,
  'runs.view': true,
  'runs.progress': true,
  'runs.candidates': true,
  'runs.candidate': true,
  'candidate.export': true,
  'candidate.reveal': true,
  'app.load': true,
  'runs.trend': true,
  'candidate.architecture': true,
  'candidate.scoreAgain': true,
  'candidate.measureAgain': true,
  'candidate.cancelAgain': true,
  'models.list': true,
  'models.choose': true,
  'models.configure': true,
  'models.retry': true,
  'models.remove': true,
  'models.cancel': true,
  'runs.marks': true,
  'runs.mark': true,
  'runs.tag': true,
  'runs.trash': true,
  'preferences.read': true,
  'preferences.change': true,
  'updates.state': true,
  'updates.check': true,
  'benchmarks.list': true,
  'benchmarks.start': true,
  'benchmarks.view': true,
  'benchmarks.stop': true,
  'benchmarks.delete': true,
  'phones.view': true,
  'phones.check': true,
  'phones.stopCheck': true,
  'phones.chooseAdb': true,
  'phones.forgetAdb': true,
  'phones.configure': true,
  'spaces.source': true,
  'spaces.check': true,
  'spaces.draw': true,
  'spaces.sizes': true,
  'ownSpaces.list': true,
  'ownSpaces.read': true,
  'ownSpaces.create': true,
  'ownSpaces.write': true,
  'ownSpaces.rename': true,
  'ownSpaces.import': true,
  'ownSpaces.export': true,
  'ownSpaces.trash': true,
} satisfies Record<Exclude<MethodName, 'models.dropped' | 'runs.dropped'>, true>; // the bridge itself sends those

const events = {
  'run.changed': true,
  'files.opened': true,
  'export.progress': true,
  'models.changed': true,
  'updates.changed': true,
  'benchmarks.changed': true,
  'phones.changed': true,
  'menu.command': true,
} satisfies Record<EventName, true>;

/** Sets, not objects: a lookup must not find `constructor` and its kin. */
export const methodNames: ReadonlySet<unknown> = new Set(Object.keys(methods));
export const eventNames: ReadonlySet<unknown> = new Set(Object.keys(events));
