import { describe, expect, it } from 'vitest';
import { Pause } from '../../../main/search/pause.ts';

const signal = new AbortController().signal;

describe('a pause', () => {
  it('counts its own time, and only that', () => {
    let now = 100;
    const pause = new Pause(() => now);
    now = 150;
    expect(pause.ms).toBe(0);
    pause.begin();
    now = 170;
    pause.begin(); // it has begun already
    expect(pause.ms).toBe(20);
    pause.end();
    now = 1000;
    pause.end();
    expect(pause.ms).toBe(20);
    pause.begin();
    now = 1005;
    expect(pause.ms).toBe(25);
  });

  it('holds up whoever waits for its end, and nobody else', async () => {
    const pause = new Pause();
    await pause.over(signal);
    pause.begin();
    const seen: string[] = [];
    const waiting = ['a', 'b'].map((name) => pause.over(signal).then(() => seen.push(name)));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen).toEqual([]);
    pause.end();
    await Promise.all(waiting);
    expect(seen).toEqual(['a', 'b']);
  });

  it('holds up nobody who gives up', async () => {
    const pause = new Pause();
    pause.begin();
    const giveUp = new AbortController();
    const waiting = pause.over(giveUp.signal);
    giveUp.abort();
    await waiting;
    await pause.over(giveUp.signal);
    expect(pause.active).toBe(true);
  });

  it('that begins again before others have noticed its end goes on', async () => {
    const pause = new Pause();
    pause.begin();
    let over = false;
    const waiting = pause.over(signal).then(() => (over = true));
    pause.end();
    pause.begin();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(over).toBe(false);
    pause.end();
    await waiting;
  });
});
