import { describe, expect, it } from 'vitest';
import type { ImagesOf } from '../../../renderer/images/images.svelte.ts';
import { ImagesStore } from '../../../renderer/images/images.svelte.ts';
import { inkOn } from '../../../renderer/images/canvas.ts';
import { FakeBridge, Refusal, settings } from '../fake-bridge.ts';
import { shownPart } from '../fake-images.ts';

const ofRun: ImagesOf = { kind: 'run', run: 'one', candidate: null };

describe('the images that are looked at', () => {
  it('arrive piece by piece until the batch is whole', async () => {
    const bridge = new FakeBridge();
    const images = new ImagesStore(bridge);
    await images.show(ofRun);
    expect(images.images.map(({ label }) => label)).toEqual([0, 1, 0, 1]);
    expect(images.facts).toMatchObject({ batches: 2, batchSize: 4 });
    expect(images.reading).toBe(false);
    const asked = bridge.calls.map(({ args }) => args);
    expect(asked).toMatchObject([[{ batch: 0, first: 0 }], [{ batch: 0, first: 2 }]]);
  });

  it('are those of the batch that was asked for last', async () => {
    const bridge = new FakeBridge();
    const images = new ImagesStore(bridge);
    await images.show(ofRun);
    await Promise.all([images.go(1), images.go(0), images.go(1)]);
    expect(images.batch).toBe(1);
    expect(images.images.map(({ label }) => label)).toEqual([1, 0, 1, 0]);
    await images.go(2);
    expect(images.batch).toBe(1);
  });

  it('are read again from the disk when that is wished, once', async () => {
    const bridge = new FakeBridge();
    const images = new ImagesStore(bridge);
    await images.show({ kind: 'search', wanted: { settings } });
    bridge.calls.length = 0;
    await images.again();
    expect(bridge.calls.map(({ args }) => args)).toMatchObject([
      [{ anew: true, first: 0 }],
      [{ anew: false, first: 2 }],
    ]);
  });

  it('stay where further ones cannot be had, and it is said why', async () => {
    const bridge = new FakeBridge();
    const refusal = { code: 'data-changed-meanwhile', message: 'It vanished.', hint: 'Try again.' };
    bridge.overrides['images.ofRun'] = ({ batch, first }) => {
      if (first > 0) throw new Refusal(refusal);
      return shownPart(batch, first);
    };
    const images = new ImagesStore(bridge);
    await images.show(ofRun);
    expect(images.images).toHaveLength(2);
    expect(images.error).toEqual(refusal);
  });

  it('are let go when nobody looks any more', async () => {
    const bridge = new FakeBridge();
    const images = new ImagesStore(bridge);
    const showing = images.show(ofRun);
    await images.close();
    await showing;
    expect(images.images).toEqual([]);
    expect(images.of).toBeNull();
    expect(bridge.calls.at(-1)?.method).toBe('images.close');
  });
});

describe('names on boxes', () => {
  it('are black on light colours and white on dark ones', () => {
    expect([inkOn('#ffffff'), inkOn('#f0d080'), inkOn('#000000'), inkOn('#7f1d55')]).toEqual([
      '#000000',
      '#000000',
      '#ffffff',
      '#ffffff',
    ]);
  });
});
