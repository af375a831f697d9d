/** The current page. The address is a hash, so a reload returns to the same place. */
import type { Known } from '../../main/common/known.ts';

/** Pages that are not about one thing. */
const plainPages = [
  'queue',
  'score',
  'graph',
  'phones',
  'computers',
  'benchmarks',
  'settings',
] as const;
export type PlainPage = (typeof plainPages)[number];

export type Route =
  | { readonly page: 'searches' }
  /** `space` is a built-in one's name, or `own/` and the id of one of the person's own. */
  | { readonly page: 'new'; readonly space?: string }
  /** `space` is the id of the one being edited. */
  | { readonly page: 'spaces'; readonly space?: string }
  | { readonly page: PlainPage }
  /** `topic` is a page of the guide, `section` a heading in it. */
  | {
      readonly page: 'guide';
      readonly topic?: string | undefined;
      readonly section?: string | undefined;
    }
  /** The runs whose fronts are compared, as many as have been chosen so far. */
  | { readonly page: 'fronts'; readonly runs: readonly string[] }
  /** A sweep of the queue. */
  | { readonly page: 'sweep'; readonly sweep: string }
  /** `candidate` is the one whose page is open. */
  | { readonly page: 'run'; readonly run: string; readonly candidate?: number };

export function parseRoute(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('/');
  const [page, run, candidate] = parts as Known<string>;
  const plain = plainPages.find((one) => one === page);
  if (plain !== undefined) return { page: plain };
  if (page === 'new' || page === 'spaces')
    return run ? { page, space: decodeURIComponent(run) } : { page };
  if (page === 'guide') {
    return {
      page,
      ...(run && { topic: decodeURIComponent(run) }),
      ...(candidate && { section: decodeURIComponent(candidate) }),
    };
  }
  if (page === 'sweep' && run) return { page, sweep: decodeURIComponent(run) };
  if (page === 'fronts') {
    const chosen = parts.slice(1).filter((part) => part !== '');
    return { page, runs: chosen.map(decodeURIComponent) };
  }
  if (page === 'run' && run) {
    const id = Number(candidate);
    const closely = Number.isInteger(id) && id > 0 ? { candidate: id } : {};
    return { page: 'run', run: decodeURIComponent(run), ...closely };
  }
  return { page: 'searches' };
}

export function hashOf(route: Route): string {
  const inside = route.page === 'run' ? route.run : 'space' in route ? route.space : undefined;
  if (route.page === 'fronts') {
    return ['#/fronts', ...route.runs.map(encodeURIComponent)].join('/');
  }
  if (route.page === 'sweep') return `#/sweep/${encodeURIComponent(route.sweep)}`;
  if (route.page === 'guide') {
    const parts = [route.topic, route.section].filter((part) => part !== undefined);
    return ['#/guide', ...parts.map(encodeURIComponent)].join('/');
  }
  const within = inside === undefined ? '' : `/${encodeURIComponent(inside)}`;
  const candidate = 'candidate' in route ? `/${route.candidate}` : '';
  return `#/${route.page}${within}${candidate}`;
}

export class RouterStore {
  #route: Route = $state.raw({ page: 'searches' });

  constructor(window: Window) {
    this.#location = window.location;
    this.#route = parseRoute(window.location.hash);
    window.addEventListener('hashchange', () => (this.#route = parseRoute(this.#location.hash)));
  }
  readonly #location: Location;

  get route(): Route {
    return this.#route;
  }

  go(route: Route): void {
    this.#location.hash = hashOf(route);
    this.#route = route;
  }
}
