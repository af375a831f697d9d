import { describe, expect, it, vi } from 'vitest';
import { askedAgain } from '../../../renderer/ground/asked-again.ts';

describe('an answer that is asked for again', () => {
  it('is asked for once more after the one under way, however often something changed', async () => {
    const answers: (() => void)[] = [];
    const load = vi.fn(() => new Promise<void>((resolve) => answers.push(resolve)));
    const refresh = askedAgain(load, () => undefined);
    const first = refresh();
    void refresh();
    void refresh();
    expect(load).toHaveBeenCalledTimes(1);
    answers[0]!();
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
    answers[1]!();
    await first;
    expect(load).toHaveBeenCalledTimes(2);
    const later = refresh();
    expect(load).toHaveBeenCalledTimes(3);
    answers[2]!();
    await later;
  });

  it('tells what went wrong, and is asked for at the next change all the same', async () => {
    const load = vi
      .fn<() => Promise<void>>()
      .mockRejectedValueOnce(new Error('gone'))
      .mockResolvedValue(undefined);
    const failed = vi.fn();
    const refresh = askedAgain(load, failed);
    await refresh();
    expect(failed).toHaveBeenCalledWith(new Error('gone'));
    await refresh();
    expect(load).toHaveBeenCalledTimes(2);
    expect(failed).toHaveBeenCalledTimes(1);
  });
});
