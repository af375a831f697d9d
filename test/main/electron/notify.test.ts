import { describe, expect, it, vi } from 'vitest';

// Outside of Electron its module is a path; the words need nothing of it.
vi.mock('electron', () => ({ Notification: class {} }));
const { endingWords } = await import('../../../main/electron/notify.ts');

const end = { evaluated: 200, failed: 0, error: null };

describe('the words of a notification', () => {
  it('tell what was found', () => {
    expect(endingWords('Night', { ...end, state: 'finished' })).toEqual({
      title: 'Night has finished',
      body: '200 candidates evaluated.',
    });
    expect(endingWords('Night', { ...end, state: 'finished', evaluated: 1, failed: 3 })?.body).toBe(
      '1 candidate evaluated, 3 failed.',
    );
  });

  it('tell why a search failed', () => {
    const error = { code: 'x', message: 'The disk is full.', hint: 'Make room.' };
    expect(endingWords('Night', { ...end, state: 'failed', error })).toEqual({
      title: 'Night ended with an error',
      body: '200 candidates are stored. The disk is full.',
    });
  });

  it('are none for a search that the person stopped', () => {
    expect(endingWords('Night', { ...end, state: 'stopped' })).toBeNull();
  });
});
