import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingKeys, searchSettings } from '../../../main/common/settings/index.ts';
import App from '../../../renderer/app/App.svelte';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { guidePlaceOf, guidePlaces } from '../../../renderer/ground/words/guide-places.ts';
import { excerptOf, finderOf } from '../../../renderer/guide/find.ts';
import { guidePage, guidePages, slugOf } from '../../../renderer/guide/pages.ts';
import { hashOf, parseRoute } from '../../../renderer/shell/router.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge } from '../fake-bridge.ts';

beforeEach(() => prepareDom());
afterEach(cleanup);

const ids = guidePages().map(({ id }) => id);
const exists = (topic: string, section?: string): boolean => {
  const page = guidePages().find(({ id }) => id === topic);
  return page !== undefined && (!section || page.sections.some(({ id }) => id === section));
};

describe('the pages', () => {
  it('are all in the list of contents, in its order', () => {
    expect(ids[0]).toBe('what-it-is');
    expect(ids.at(-1)).toBe('glossary');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain('README');
  });

  it('link to pages and headings that exist, as the fields of forms do', () => {
    for (const { id, html } of guidePages()) {
      for (const [, hash] of html.matchAll(/href="(#[^"]+)"/g)) {
        const route = parseRoute(hash!);
        expect(route.page, `${id}: ${hash}`).toBe('guide');
        if (route.page === 'guide')
          expect(exists(route.topic!, route.section), `${id}: ${hash}`).toBe(true);
      }
    }
    for (const [field, place] of Object.entries(guidePlaces)) {
      const [topic, section] = place.split('/');
      expect(exists(topic!, section), `${field}: ${place}`).toBe(true);
    }
  });

  it('explain every setting that has a mark in the form', () => {
    for (const key of settingKeys) {
      const { label, about } = searchSettings[key].field;
      if (about === undefined) continue;
      const [topic, section] = guidePlaceOf(key)!.split('/');
      const page = guidePages().find(({ id }) => id === topic)!;
      expect(page.sections.find(({ id }) => id === section)?.text, key).not.toBe('');
      expect(label).not.toBe('');
    }
    expect(guidePlaceOf('models-precision')).toBe(guidePlaceOf('precision'));
    expect(guidePlaceOf('models-nothing')).toBeUndefined();
  });

  it('show no picture that is not there and no link that leads out of the window unsafely', () => {
    const page = guidePage(
      'x',
      '# A\n\n![gone](pictures/gone.png) [spaces](../spaces.md) [site](https://a.example)\n\n## Be gone, `now`!\n',
      {},
    );
    expect(page.html).not.toContain('<img');
    expect(page.html).not.toContain('spaces.md');
    expect(page.html).toContain('href="https://a.example"');
    expect(page.sections.map(({ id, title }) => [id, title])).toEqual([
      ['a', 'A'],
      ['be-gone-now', 'Be gone, now!'],
    ]);
    expect(slugOf('Engine and precision')).toBe('engine-and-precision');
  });
});

describe('searching', () => {
  const find = finderOf(guidePages());

  it('finds sections by the beginnings of words and with a slip of the finger', () => {
    expect(find('second opin')[0]?.title).toMatch(/second opinion/i);
    expect(find('paramters').length).toBeGreaterThan(0);
    expect(find('xyzzyplugh')).toEqual([]);
  });

  it('shows what stands around the word', () => {
    const text = `${'before '.repeat(40)}needle ${'after '.repeat(40)}`;
    const excerpt = excerptOf(text, ['needle']);
    expect(excerpt).toMatch(/^… before .*needle .*after …$/);
    expect(excerpt.length).toBeLessThan(140);
    expect(excerptOf('short', ['nothing'])).toBe('short');
  });
});

describe('the page', () => {
  const open = (hash: string) => {
    location.hash = hash;
    const workbench = new WorkbenchShell(new FakeBridge([]));
    render(App, { workbench });
    return workbench;
  };

  it('opens at a heading and follows links', async () => {
    open(hashOf({ page: 'guide', topic: 'the-form', section: 'budget' }));
    const article = await screen.findByRole('article', { name: 'The form, field by field' });
    expect(within(article).getByRole('heading', { name: 'Budget' })).toBe(document.activeElement);
    await fireEvent.click(screen.getByRole('link', { name: 'A first search' }));
    location.hash = '#/guide/first-search';
    window.dispatchEvent(new HashChangeEvent('hashchange'));
    expect(await screen.findByRole('article', { name: 'A first search' })).toBeTruthy();
  });

  it('searches as one types and says how much was found', async () => {
    open('#/guide');
    const box = await screen.findByRole('searchbox', { name: 'Search the guide' });
    await fireEvent.input(box, { target: { value: 'second opinion' } });
    expect(
      (await screen.findAllByRole('link', { name: /second opinion/i })).length,
    ).toBeGreaterThan(0);
    await fireEvent.input(box, { target: { value: 'xyzzyplugh' } });
    expect(await screen.findByText('No section has these words.')).toBeTruthy();
  });

  it('is where the mark beside a field leads', async () => {
    open('#/new');
    await fireEvent.click(await screen.findByRole('button', { name: 'Explain Seed' }));
    expect(location.hash).toBe('#/guide/the-form/seed');
  });

  it('shows the first page for a name that is none', async () => {
    open('#/guide/none-such');
    expect(await screen.findByRole('article', { name: guidePages()[0]!.title })).toBeTruthy();
  });
});
