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
  'runs.view': true,
  'runs.progress': true,
  'runs.candidates': true,
  'runs.candidate': true,
  'candidate.export': true,
  'candidate.reveal': true,
  'models.list': true,
  'models.choose': true,
  'models.configure': true,
  'models.retry': true,
  'models.remove': true,
  'models.cancel': true,
} satisfies Record<Exclude<MethodName, 'models.dropped'>, true>; // the bridge itself sends that one

const events = {
  'run.changed': true,
  'export.progress': true,
  'models.changed': true,
  'menu.command': true,
} satisfies Record<EventName, true>;

/** Sets, not objects: a lookup must not find `constructor` and its kin. */
export const methodNames: ReadonlySet<unknown> = new Set(Object.keys(methods));
export const eventNames: ReadonlySet<unknown> = new Set(Object.keys(events));
