import { afterEach, describe, expect, it, vi } from 'vitest';
import { answer, type Handlers } from '../../../main/electron/answer.ts';
import { WorkbenchError } from '../../../main/errors.ts';
import type { MethodName } from '../../../preload/contract.ts';

/** Handlers of which only one is expected to be called. */
function only<M extends MethodName>(method: M, handler: (...args: unknown[]) => unknown): Handlers {
  return { [method]: handler } as unknown as Handlers;
}
const checked = { checkResults: true };

afterEach(() => {
  vi.restoreAllMocks();
});

describe('answering a call', () => {
  it('gives the handler the arguments and the page its result', async () => {
    const handlers = only('search.stop', async () => null);
    expect(await answer(handlers, 'search.stop', [{ run: 'r' }], checked)).toEqual({
      ok: true,
      value: null,
    });
  });

  it.each<[string, MethodName, unknown[]]>([
    ['none where one is needed', 'runs.view', []],
    ['one where none is taken', 'runs.list', [1]],
    ['one too many', 'runs.view', [{ run: 'r' }, 2]],
    ['a wrong type', 'runs.view', [{ run: 5 }]],
    ['an unknown field', 'runs.view', [{ run: 'r', path: '/etc/passwd' }]],
    ['a number out of range', 'runs.candidates', [{ run: 'r', after: -1, most: 9 }]],
    ['no object at all', 'runs.view', [null]],
  ])('refuses wrong arguments without calling the handler: %s', async (_what, method, args) => {
    const handler = vi.fn();
    const result = await answer(only(method, handler), method, args, checked);
    expect(result).toMatchObject({ ok: false, error: { code: 'bad-arguments' } });
    expect(handler).not.toHaveBeenCalled();
  });

  it('names the field at fault', async () => {
    const result = await answer(only('runs.view', vi.fn()), 'runs.view', [{ run: 5 }], checked);
    expect(JSON.stringify(result)).toMatch(/run: [^"]*string/);
  });

  it('passes foreseen errors on with code, message and hint', async () => {
    const handlers = only('runs.list', () => {
      throw new WorkbenchError('disk-full', 'The disk is full.', 'Free some space.');
    });
    expect(await answer(handlers, 'runs.list', [], checked)).toEqual({
      ok: false,
      error: { code: 'disk-full', message: 'The disk is full.', hint: 'Free some space.' },
    });
  });

  it('reports unforeseen errors as internal, and logs their stack', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const handlers = only('runs.list', () => Promise.reject(new TypeError('x is undefined')));
    const result = await answer(handlers, 'runs.list', [], checked);
    expect(result).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(log).toHaveBeenCalledOnce();
  });

  it('sends nothing of what came from outside to the terminal as it is', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const layer = '\x1b]0;owned\x07conv\x9b2J\u202e';
    const error = new TypeError(`no layer ${layer}`, { cause: { layer } });
    await answer(
      only('runs.list', () => Promise.reject(error)),
      'runs.list',
      [],
      checked,
    );
    const [written] = log.mock.calls[0] as [string];
    expect(written).toContain('\\x1b]0;owned\\x07conv');
    // eslint-disable-next-line no-control-regex
    expect(written).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(log.mock.calls[0]).toHaveLength(1);
  });

  it('holds results against the contract where asked to', async () => {
    const handlers = only('runs.list', async () => [{ run: 'half a summary' }]);
    expect(await answer(handlers, 'runs.list', [], checked)).toMatchObject({
      error: { code: 'bad-result' },
    });
    expect(await answer(handlers, 'runs.list', [], { checkResults: false })).toMatchObject({
      ok: true,
    });
  });
});
