import { describe, expect, it } from 'vitest';
import { createBridge, type Wire } from '../../preload/bridge.ts';
import type { Bridge } from '../../preload/contract.ts';
import { events, methods } from '../../preload/contract.ts';
import { eventNames, methodNames } from '../../preload/names.ts';

type Listener = (event: unknown, payload: unknown) => void;

/** A wire that records calls and lets the test play main's side. */
function recordingWire(answer: () => Promise<unknown> = async () => ({ ok: true, value: null })) {
  const calls: unknown[][] = [];
  const listeners = new Map<string, Set<Listener>>();
  const wire: Wire = {
    invoke: (...call) => {
      calls.push(call);
      return answer();
    },
    on: (channel, listener) =>
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
    off: (channel, listener) => listeners.get(channel)?.delete(listener),
    pathOf: (file) => (file.name === 'made-by-script.onnx' ? '' : `/real/${file.name}`),
  };
  const emit = (channel: string, payload: unknown): void => {
    for (const listener of listeners.get(channel) ?? []) listener({ sender: 'electron' }, payload);
  };
  return { wire, calls, emit };
}

/** The bridge as a page without types sees it. */
interface Untyped {
  call(method: unknown, ...args: unknown[]): Promise<{ ok: boolean; error?: { code: string } }>;
  on(event: unknown, listener: () => void): () => void;
}
const untyped = (bridge: Bridge): Untyped => bridge;

describe('the bridge', () => {
  it('knows exactly the names of the contract', () => {
    const callable = Object.keys(methods).filter((name) => !name.endsWith('.dropped'));
    expect([...methodNames].sort()).toEqual(callable.sort());
    expect([...eventNames].sort()).toEqual(Object.keys(events).sort());
  });

  it('passes a call on under its name and returns the answer', async () => {
    const { wire, calls } = recordingWire(async () => ({ ok: true, value: [] }));
    const answer = await createBridge(wire).call('runs.candidates', {
      run: 'r',
      after: 3,
      most: 9,
    });
    expect(calls).toEqual([['runs.candidates', { run: 'r', after: 3, most: 9 }]]);
    expect(answer).toEqual({ ok: true, value: [] });
  });

  it.each([['fs.readFile'], ['constructor'], ['__proto__'], [''], [null], [['runs.list']]])(
    'refuses the method %j without sending anything',
    async (name) => {
      const { wire, calls } = recordingWire();
      const answer = await untyped(createBridge(wire)).call(name);
      expect(answer).toMatchObject({ ok: false, error: { code: 'unknown-method' } });
      expect(calls).toEqual([]);
    },
  );

  it('refuses to listen to an event that is not in the contract', () => {
    const bridge = untyped(createBridge(recordingWire().wire));
    expect(() => bridge.on('ELECTRON_BROWSER_REQUIRE', () => undefined)).toThrow(/no event/);
  });

  it('never rejects: values that cannot be cloned are bad arguments', async () => {
    const { wire } = recordingWire(() =>
      Promise.reject(new Error('An object could not be cloned.')),
    );
    const answer = await createBridge(wire).call('runs.list');
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-arguments' } });
  });

  it('never rejects: a main side that is gone gives no answer', async () => {
    const { wire } = recordingWire(() => Promise.reject(new Error('reply was never sent')));
    const answer = await createBridge(wire).call('runs.list');
    expect(answer).toMatchObject({ ok: false, error: { code: 'no-answer' } });
  });

  it('gives listeners the payload alone, until they unsubscribe', () => {
    const { wire, emit } = recordingWire();
    const heard: unknown[][] = [];
    const off = createBridge(wire).on('run.changed', (...args) => heard.push(args));
    emit('run.changed', { run: 'r', revision: 1 });
    off();
    emit('run.changed', { run: 'r', revision: 2 });
    expect(heard).toEqual([[{ run: 'r', revision: 1 }]]);
  });

  it('is frozen', () => {
    expect(Object.isFrozen(createBridge(recordingWire().wire))).toBe(true);
  });
});

describe('dropped files', () => {
  it('reach main by the paths that Electron tells, and files made by scripts do not', async () => {
    const { wire, calls } = recordingWire();
    const files = ['a.onnx', 'made-by-script.onnx'].map((name) => new File([], name));
    expect(await createBridge(wire).drop(files)).toEqual({ ok: true, value: null });
    expect(calls).toEqual([['models.dropped', { paths: ['/real/a.onnx'] }]]);
    expect(await createBridge(wire).drop(files.slice(1))).toMatchObject({
      error: { code: 'nothing-dropped' },
    });
    expect(calls).toHaveLength(1);
  });

  it('are looked at by themselves where a page wants one, with what it says of it', async () => {
    const { wire, calls } = recordingWire();
    const bridge = createBridge(wire);
    await bridge.dropData(new File([], 'flowers'));
    await bridge.dropGraph(new File([], 'a.onnx'));
    await bridge.dropTrained({ run: 'r', id: 3 }, new File([], 'b.onnx'));
    const asked = [
      ['data.dropped', { path: '/real/flowers' }],
      ['graphs.dropped', { path: '/real/a.onnx' }],
      ['trained.dropped', { run: 'r', id: 3, path: '/real/b.onnx' }],
    ];
    expect(calls).toEqual(asked);
    const forged = new File([], 'made-by-script.onnx');
    expect(await bridge.dropData(forged)).toMatchObject({ error: { code: 'nothing-dropped' } });
    expect(calls).toHaveLength(asked.length);
  });

  it('are opened where they are runs', async () => {
    const { wire, calls } = recordingWire();
    const files = ['a.onnx', 'b.zico'].map((name) => new File([], name));
    expect(await createBridge(wire).drop(files)).toEqual({ ok: true, value: null });
    expect(calls).toEqual([
      ['runs.dropped', { paths: ['/real/b.zico'] }],
      ['models.dropped', { paths: ['/real/a.onnx'] }],
    ]);
    const answer = await createBridge(wire).call('runs.dropped', { paths: ['/etc/passwd'] });
    expect(answer).toMatchObject({ error: { code: 'unknown-method' } });
  });

  it('cannot be named by a page: it may not call the method itself', async () => {
    const { wire, calls } = recordingWire();
    const answer = await createBridge(wire).call('models.dropped', { paths: ['/etc/passwd'] });
    expect(answer).toMatchObject({ error: { code: 'unknown-method' } });
    expect(calls).toEqual([]);
  });
});
