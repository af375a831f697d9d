import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../../main/errors.ts';
import { MeasuringQueue, type Job } from '../../../../main/phone/pool/queue.ts';
import { failureOf, identity, measurementOf, modelNamed } from '../../../support/fake-measuring.ts';

const by = { serial: 'A1', identity };
const gone = new WorkbenchError('phone-gone', 'It is gone.', 'Plug it in.');

function settled(queue: MeasuringQueue, jobs: readonly Job[]): void {
  queue.settle(
    jobs,
    jobs.map(({ model }) => measurementOf(model.sha256)),
    by,
  );
}

describe('the queue of models that wait for a phone', () => {
  it('gives them out in their order, each once, and tells who measured', async () => {
    const queue = new MeasuringQueue();
    const all = ['a', 'b', 'c'].map((name) => queue.measure(modelNamed(name)));
    const first = queue.take(2);
    expect(first.map(({ model }) => model.sha256)).toEqual(['a', 'b']);
    expect(queue.waiting).toBe(1);
    settled(queue, first);
    settled(queue, queue.take(5));
    expect(queue.take(5)).toEqual([]);
    const measured = await Promise.all(all);
    expect(measured.map(({ measurement, serial }) => [measurement.sha256, serial])).toEqual([
      ['a', 'A1'],
      ['b', 'A1'],
      ['c', 'A1'],
    ]);
  });

  it('measures the same bytes once, while they wait, run or have been measured', async () => {
    const queue = new MeasuringQueue();
    const first = queue.measure(modelNamed('a'));
    const second = queue.measure(modelNamed('a'));
    const jobs = queue.take(5);
    expect(jobs).toHaveLength(1);
    const third = queue.measure(modelNamed('a'));
    settled(queue, jobs);
    const [one, two, three] = await Promise.all([first, second, third]);
    expect(two).toBe(one);
    expect(three).toBe(one);
    expect(await queue.measure(modelNamed('a'))).toBe(one);
    expect(queue.waiting).toBe(0);
  });

  it('keeps a failure with its model, which may be asked for anew', async () => {
    const queue = new MeasuringQueue();
    const [a, b] = [queue.measure(modelNamed('a')), queue.measure(modelNamed('b'))];
    const jobs = queue.take(2);
    queue.settle(jobs, [failureOf('a', 'runner-killed'), measurementOf('b')], by);
    await expect(a).rejects.toMatchObject({ code: 'runner-killed' });
    expect((await b).measurement.sha256).toBe('b');
    const again = queue.measure(modelNamed('a'));
    settled(queue, queue.take(1));
    expect((await again).measurement.sha256).toBe('a');
  });

  it('puts what a lost phone had begun back to the front, and blames a model after five times', async () => {
    const queue = new MeasuringQueue();
    const [a, b] = [queue.measure(modelNamed('a')), queue.measure(modelNamed('b'))];
    a.catch(() => undefined);
    void b.catch(() => undefined);
    for (let time = 0; time < 4; time++) queue.putBack(queue.take(1), gone);
    expect(queue.interrupted()).toEqual(['a']);
    expect(queue.waiting).toBe(2);
    queue.putBack(queue.take(1), gone);
    await expect(a).rejects.toMatchObject({
      code: 'phone-interrupted',
      message: expect.stringContaining('It is gone.') as string,
      hint: 'Plug it in.',
    });
    expect(queue.take(5).map(({ model }) => model.sha256)).toEqual(['b']);
  });

  it('fails all that waits, and whatever comes, once no phone is left', async () => {
    const queue = new MeasuringQueue();
    const [a, b] = [queue.measure(modelNamed('a')), queue.measure(modelNamed('b'))];
    const running = queue.take(1);
    queue.lose(gone);
    await expect(b).rejects.toBe(gone);
    await expect(queue.measure(modelNamed('c'))).rejects.toBe(gone);
    queue.putBack(running, gone);
    await expect(a).rejects.toBe(gone);
  });

  it('forgets one that still waits, and leaves one that is being measured to its end', async () => {
    const queue = new MeasuringQueue();
    const [a, b] = [queue.measure(modelNamed('a')), queue.measure(modelNamed('b'))];
    const running = queue.take(1);
    queue.forget('a', gone);
    queue.forget('b', gone);
    await expect(b).rejects.toBe(gone);
    settled(queue, running);
    expect((await a).measurement.sha256).toBe('a');
  });

  it('wakes whoever waits for work', async () => {
    const queue = new MeasuringQueue();
    const end = new AbortController();
    let woken = 0;
    const wait = () => queue.work(end.signal).then(() => (woken += 1));
    const waits = [wait(), wait()];
    await Promise.resolve();
    expect(woken).toBe(0);
    void queue.measure(modelNamed('a'));
    await Promise.all(waits);
    settled(queue, queue.take(1));
    const last = wait();
    end.abort();
    await last;
    expect(woken).toBe(3);
  });

  it('loses nothing, whatever happens to phones', async () => {
    const steps = fc.array(
      fc.record({ what: fc.constantFrom('take', 'settle', 'lose', 'add'), n: fc.nat(7) }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const queue = new MeasuringQueue();
        const asked: Promise<string>[] = [];
        const running: (readonly Job[])[] = [];
        for (const { what, n } of all) {
          if (what === 'add') {
            const name = `m${n}`;
            asked.push(
              queue.measure(modelNamed(name)).then(
                ({ measurement }) => measurement.sha256,
                (error: WorkbenchError) => error.code,
              ),
            );
          } else if (what === 'take') running.push(queue.take(n + 1));
          else if (what === 'settle') settled(queue, running.shift() ?? []);
          else queue.putBack(running.pop() ?? [], gone);
        }
        for (const jobs of running) settled(queue, jobs);
        settled(queue, queue.take(100));
        for (const end of await Promise.all(asked)) {
          expect(end).toMatch(/^(m\d|phone-interrupted)$/);
        }
        expect(queue.waiting).toBe(0);
      }),
    );
  });

  it('leaves nothing on its signal, however often somebody waits', async () => {
    const queue = new MeasuringQueue();
    const { signal } = new AbortController();
    for (let i = 0; i < 20; i++) {
      const woken = queue.work(signal);
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      const measuring = queue.measure(modelNamed(`m${i}`));
      await woken;
      settled(queue, queue.take(1));
      await measuring;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
