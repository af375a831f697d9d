import { describe, expect, it, vi } from 'vitest';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';

// Outside of Electron its module is a path; the words need nothing of it.
vi.mock('electron', () => ({ Notification: class {} }));
const { endingWords, queueWords } = await import('../../../main/electron/notify.ts');

const end = { evaluated: 200, failed: 0, error: null, elapsedSeconds: 3600 };

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

  it('are none for a search of a few seconds, unless it failed', () => {
    const short = { ...end, elapsedSeconds: 29 };
    expect(endingWords('Try', { ...short, state: 'finished' })).toBeNull();
    expect(endingWords('Try', { ...short, state: 'failed' })).not.toBeNull();
  });

  it('are none for a search that the person stopped', () => {
    expect(endingWords('Night', { ...end, state: 'stopped' })).toBeNull();
  });
});

describe('the words when the queue has ended', () => {
  const error = { code: 'x', message: 'The space is gone.', hint: 'Import it again.' };
  const ended = (name: string, state: 'finished' | 'stopped' | 'failed') => ({
    ...{ id: name, sweep: null, file: null, state, error: state === 'failed' ? error : null },
    wanted: { name, group: '', settings: defaultSearchSettings },
  });

  it('are one notice for all, with the outcome', () => {
    expect(
      queueWords(
        [ended('One', 'finished'), ended('Two', 'failed'), ended('Three', 'finished')],
        900,
      ),
    ).toEqual({
      title: 'The queue has ended: 3 searches',
      body: '2 finished, 1 failed. Two: The space is gone.',
    });
    expect(queueWords([ended('One', 'finished')], 900)).toEqual({
      title: 'The queue has ended: One',
      body: '1 finished.',
    });
  });

  it('are none where the person stopped them all', () => {
    expect(queueWords([ended('One', 'stopped')], 900)).toBeNull();
  });

  it('are none after a few seconds, unless something failed', () => {
    expect(queueWords([ended('One', 'finished')], 29)).toBeNull();
    expect(queueWords([ended('One', 'finished'), ended('Two', 'failed')], 29)).not.toBeNull();
  });
});
