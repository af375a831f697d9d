/** Where the person is. The address is a hash, so a reload comes back to the same place. */
export type Route =
  | { readonly page: 'searches' }
  /** `space` is a built-in one's name, or `own/` and the id of one of the person's own. */
  | { readonly page: 'new'; readonly space?: string }
  /** `space` is the id of the one being edited. */
  | { readonly page: 'spaces'; readonly space?: string }
  | { readonly page: 'score' }
  | { readonly page: 'phones' }
  | { readonly page: 'settings' }
  | { readonly page: 'benchmarks' }
  | { readonly page: 'run'; readonly run: string };

/** Pages that are not about one thing. */
const plain: ReadonlySet<string> = new Set(['score', 'phones', 'benchmarks', 'settings']);

export function parseRoute(hash: string): Route {
  const [page, run] = hash.replace(/^#\/?/, '').split('/');
  if (plain.has(page)) return { page } as Route;
  if (page === 'new' || page === 'spaces')
    return run ? { page, space: decodeURIComponent(run) } : { page };
  if (page === 'run' && run) return { page: 'run', run: decodeURIComponent(run) };
  return { page: 'searches' };
}

export function hashOf(route: Route): string {
  const inside = route.page === 'run' ? route.run : 'space' in route ? route.space : undefined;
  return `#/${route.page}${inside === undefined ? '' : `/${encodeURIComponent(inside)}`}`;
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
