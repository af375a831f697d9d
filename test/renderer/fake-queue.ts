/** A queue made up for tests: it begins nothing, and keeps what it is given. */
import type {
  MethodArguments,
  MethodName,
  MethodResult,
  QueuedSearch,
  QueueView,
  SearchToQueue,
  SweepView,
} from '../../preload/contract.ts';

type QueueMethod = Extract<MethodName, `queue.${string}`>;
type Answers = {
  [M in QueueMethod]: (...args: MethodArguments<M>) => MethodResult<M>;
};

export class FakeQueue {
  state: QueueView['state'] = 'going';
  searches: QueuedSearch[] = [];
  sweeps: { id: string; title: string }[] = [];
  error: QueueView['error'] = null;
  /** What `queue.sweep` answers. */
  sweep: SweepView | null = null;
  /** Everything that was added, the latest last. */
  readonly added: SearchToQueue[] = [];

  put(name: string, changes: Partial<QueuedSearch> & Pick<QueuedSearch, 'settings'>): void {
    const usual = {
      id: name,
      name,
      state: 'waiting',
      run: null,
      sweep: null,
      error: null,
    } as const;
    this.searches.push({ ...usual, ...changes });
  }

  answers(changed: () => void): Answers {
    const nothing = (change: () => void): null => {
      change();
      changed();
      return null;
    };
    return {
      'queue.view': () => ({
        ...{ state: this.state, searches: this.searches, sweeps: this.sweeps, error: this.error },
      }),
      'queue.add': ({ title, searches }) => {
        this.added.push(...searches);
        const sweep = title === null ? null : `sweep of ${title}`;
        if (sweep !== null) this.sweeps.push({ id: sweep, title: title! });
        for (const { name, settings } of searches) this.put(name, { settings, sweep });
        changed();
        return { sweep };
      },
      'queue.move': ({ id, to }) =>
        nothing(() => {
          const moved = this.searches.find((one) => one.id === id)!;
          this.searches = this.searches.filter((one) => one !== moved).toSpliced(to, 0, moved);
        }),
      'queue.remove': ({ ids }) =>
        nothing(() => {
          this.searches = this.searches.filter(({ id }) => !ids.includes(id));
        }),
      'queue.pause': () => nothing(() => (this.state = 'paused')),
      'queue.goOn': () => nothing(() => (this.state = 'going')),
      'queue.retry': ({ id }) =>
        nothing(() => {
          this.searches = this.searches.map((one) =>
            one.id === id ? { ...one, state: 'waiting', error: null } : one,
          );
        }),
      'queue.sweep': () => this.sweep!,
    };
  }
}
