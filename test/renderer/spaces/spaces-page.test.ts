import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import App from '../../../renderer/app/App.svelte';
import { newSpace } from '../../../renderer/spaces/editor/new-space.ts';
import { jsonText, withValue, type Json } from '../../../renderer/spaces/editor/space-json.ts';
import { WorkbenchShell } from '../../../renderer/app/workbench.svelte.ts';
import { prepareDom } from '../dom.ts';
import { FakeBridge } from '../fake-bridge.ts';

// A form of fifty fields in jsdom: a question by role takes half a second beside other tests.
vi.setConfig({ testTimeout: 60_000 });
beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Small enough to be measured in a moment: 2 × 4 × 4 networks. */
const mine = jsonText(
  [
    [32, 48],
    [64, 96],
    [128, 192],
  ].reduce<Json>((space, channels, i) => {
    const stage = ['network', 'backbone', 'stages', i];
    return withValue(withValue(space, [...stage, 'channels'], channels), [...stage, 'repeats'], 1);
  }, newSpace('mine')),
);

function open(hash: string, files: Record<string, string> = { mine }): FakeBridge {
  location.hash = hash;
  const bridge = new FakeBridge();
  for (const [id, text] of Object.entries(files)) bridge.ownSpaces.files.set(id, text);
  render(App, { workbench: new WorkbenchShell(bridge) });
  return bridge;
}
const button = (name: string | RegExp) => screen.findByRole('button', { name });
const field = (name: string) => screen.findByRole('textbox', { name });
const saved = (bridge: FakeBridge, id = 'mine') =>
  JSON.parse(bridge.ownSpaces.files.get(id) ?? 'null') as { [key: string]: Json };
const type = async (name: string, value: string) =>
  fireEvent.input(await field(name), { target: { value } });
const shownText = async () => ((await field('Description as JSON')) as HTMLTextAreaElement).value;
const networks = (n: string) => screen.findByText(n, { selector: 'p' });
const undo = () => fireEvent.keyDown(window, { key: 'z', ctrlKey: true });

describe('the list of spaces', () => {
  it('shows own and built-in ones with their baselines', async () => {
    open('#/spaces');
    const table = await screen.findByRole('table', { name: 'Search spaces' });
    expect(within(table).getByRole('row', { name: 'mine' }).textContent).toContain('32');
    await fireEvent.click(await button(/^Show nats-sss:/));
    const about = await screen.findByRole('complementary', { name: 'About nats-sss' });
    expect(about.textContent).toContain('714 k');
    expect(about.textContent).toContain('153 M');
  });

  it('says of a faulty one where and what would be valid', async () => {
    open('#/spaces', { broken: mine.replace('"basic"', '"basix"') });
    const about = await screen.findByRole('complementary', { name: 'About broken' });
    expect(about.textContent).toContain('network.backbone.stages[0].block');
    expect(about.textContent).toContain('Use one of conv, basic');
    expect(await button('Search this space')).toHaveProperty('disabled', true);
  });

  it('says what runs call a space whose file has another name, and whose name is taken', async () => {
    const built = jsonText({ ...(JSON.parse(mine) as Record<string, Json>), name: 'nats-sss' });
    open('#/spaces', { mine, second: mine, third: built });
    const table = within(await screen.findByRole('table', { name: 'Search spaces' }));
    const row = (name: string) => table.getByRole('row', { name }).textContent;
    expect(row('mine')).toContain('name taken');
    expect(row('mine')).not.toContain('in runs');
    expect(row('second')).toMatch(/called mine in runs\s*name taken/);
    expect(row('third')).toMatch(/called nats-sss in runs\s*name taken/);
    expect(row('nats-sss')).not.toContain('name taken');
  });

  it('duplicates a built-in one as a start, under a name of its own', async () => {
    const bridge = open('#/spaces', {});
    await fireEvent.click(await button('Duplicate'));
    await button(/^Show my-nats-sss:/);
    expect(saved(bridge, 'my-nats-sss')).toMatchObject({
      name: 'my-nats-sss',
      title: 'NATS-Bench size space (my-nats-sss)',
    });
    await fireEvent.click(await button('Duplicate'));
    await button(/^Show my-nats-sss-copy:/);
    expect(saved(bridge, 'my-nats-sss-copy')['title']).toBe(
      'NATS-Bench size space (my-nats-sss-copy)',
    );
  });

  it('renames a copy in its title as well', async () => {
    const copy = { ...(JSON.parse(mine) as object), name: 'copy', title: 'Mine (copy)' };
    const bridge = open('#/spaces', { copy: JSON.stringify(copy) });
    await fireEvent.click(await button('Rename'));
    await type('New name', 'yours');
    await fireEvent.click(await button('Rename'));
    await button(/^Show yours:/);
    expect(saved(bridge, 'yours')['title']).toBe('Mine (yours)');
  });

  it('renames, exports and deletes', async () => {
    const bridge = open('#/spaces');
    await fireEvent.click(await button('Rename'));
    await type('New name', 'yours');
    await fireEvent.click(await button('Rename'));
    await button(/^Show yours:/);
    const { title } = JSON.parse(mine) as { title: string };
    expect(saved(bridge, 'yours')).toMatchObject({ name: 'yours', title });
    await fireEvent.click(await button('Export…'));
    await screen.findByText('Exported to /home/somebody/yours.json');
    await fireEvent.click(await button('Move to trash'));
    await waitFor(() => expect(bridge.ownSpaces.files.size).toBe(0));
    await screen.findByText('No space of your own yet.');
  });

  it('takes dropped descriptions, and nothing else', async () => {
    const bridge = open('#/spaces', {});
    await screen.findByText('No space of your own yet.');
    const files = [new File([mine], 'from-mail.json'), new File(['x'], 'x.png')];
    await fireEvent.drop(window, { dataTransfer: { types: ['Files'], files } });
    await button(/^Show from-mail:/);
    expect(bridge.ownSpaces.files.get('from-mail')).toBe(mine);
    await screen.findByText('x.png is not a .json file.');
  });
});

describe('the editor of a space', () => {
  it('counts, draws and measures what is described', async () => {
    open('#/spaces/mine');
    await networks('32');
    await screen.findByLabelText(/^The network /);
    await screen.findByText('all 32');
    await screen.findByRole('img', { name: /^Parameters: from .* to .*, median / });
    const before = screen.getByLabelText(/^The network /).getAttribute('aria-label');
    await fireEvent.click(await button('Another sample'));
    await waitFor(() =>
      expect(screen.getByLabelText(/^The network /).getAttribute('aria-label')).not.toBe(before),
    );
  });

  it('lets the form edit the JSON, and the JSON the form', async () => {
    open('#/spaces/mine');
    await type('Stage 1, Repeats', '1 to 6');
    await networks('192');
    expect(await shownText()).toContain('"repeats": { "from": 1, "to": 6, "step": 1 }');
    await type('Description as JSON', (await shownText()).replace('"to": 6', '"to": 2'));
    await networks('64');
    expect(await field('Stage 1, Repeats')).toHaveProperty('value', '1 to 2');
  });

  it('puts an error at the field that it is about, with what would be valid', async () => {
    open('#/spaces/mine');
    await type('Stage 2, Convolution', 'regular, g48');
    const alert = await screen.findByText(/64 channels are not divisible by the group size 48/, {
      selector: '[role=alert]',
    });
    expect(alert.textContent).toContain('multiples of 48');
    expect(screen.getByRole('group', { name: 'Stage 2' }).contains(alert)).toBe(true);
    const faulty = await field('Stage 2, Convolution');
    expect(faulty.getAttribute('aria-invalid')).toBe('true');
    expect(await button(/search/)).toHaveProperty('disabled', true);
    await type('Stage 2, Convolution', 'regular, g32');
    await waitFor(() => expect(faulty.getAttribute('aria-invalid')).toBeNull());
  });

  it('puts every error at its field, and lists all of them', async () => {
    open('#/spaces/mine');
    await type('Stage 2, Convolution', 'regular, g48');
    await type('Stage 1, Kernel', '4');
    await screen.findByText('2 things need fixing');
    for (const name of ['Stage 1, Kernel', 'Stage 2, Convolution'])
      expect((await field(name)).getAttribute('aria-invalid')).toBe('true');
    await type('Stage 1, Kernel', '3');
    await screen.findByText('One thing needs fixing');
  });

  it('keeps what means nothing in the field and out of the description', async () => {
    open('#/spaces/mine');
    await type('Stage 1, Kernel', '3,');
    expect((await screen.findByRole('alert')).textContent).toContain('a list such as 3, 5');
    expect(await shownText()).toBe(mine);
  });

  it('says what is wrong with text that is no JSON, and waits with the form', async () => {
    open('#/spaces/mine');
    await type('Description as JSON', '{"name": ');
    expect((await screen.findAllByText(/^Not valid JSON: /)).length).toBeGreaterThan(0);
    await screen.findByText('The form comes back once the text is valid JSON.');
    await undo();
    await field('Stage 1, Kernel');
  });

  it('goes back and forth step by step', async () => {
    open('#/spaces/mine');
    await type('Title', 'One');
    await type('Stage 1, Channels', '8');
    await type('Stage 1, Channels', '80');
    await undo();
    expect(await shownText()).toBe(mine.replace('My space', 'One'));
    await undo();
    expect(await shownText()).toBe(mine);
    expect(await field('Title')).toHaveProperty('value', 'My space');
    await fireEvent.keyDown(window, { key: 'Z', ctrlKey: true, shiftKey: true });
    await fireEvent.keyDown(window, { key: 'y', ctrlKey: true });
    expect(await field('Stage 1, Channels')).toHaveProperty('value', '80');
  });

  it('adds, moves and removes stages, and changes their block', async () => {
    const bridge = open('#/spaces/mine');
    await fireEvent.click(await button('Remove Stage 1'));
    await fireEvent.click(await button('Move Stage 2 up'));
    await fireEvent.click(await button('Add a stage'));
    await fireEvent.change(await screen.findByRole('combobox', { name: 'Stage 3, Block' }), {
      target: { value: 'mbconv' },
    });
    await fireEvent.keyDown(window, { key: 's', ctrlKey: true });
    await waitFor(() => expect(bridge.ownSpaces.files.get('mine')).not.toBe(mine));
    const { network } = saved(bridge) as { network: { backbone: { stages: { block: string }[] } } };
    expect(network.backbone.stages.map(({ block }) => block)).toEqual(['basic', 'basic', 'mbconv']);
    expect(network.backbone.stages[0]).toMatchObject({ channels: [128, 192] });
  });

  it('builds everything that a description can say', async () => {
    const bridge = open('#/spaces/mine');
    const choose = async (name: string, value: string) =>
      fireEvent.change(await screen.findByRole('combobox', { name }), { target: { value } });
    const inGroup = async (name: string) => within(await screen.findByRole('group', { name }));
    await type('Deployed at', 'size: 32 to 64 step 16');
    await choose('Images', 'grey');
    await choose('Stage 1, Block', 'several kinds');
    await type('Stage 1, basic, Name', 'plain');
    await type('Stage 1, plain, Kernel', '3, 5');
    await type('Stage 1, mbconv, SE', 'no, 0.25');
    await type('Stage 1, Repeats', 'depth: 0 to 2');
    await fireEvent.click(await button('What blocks of Stage 1 choose'));
    const own = await inGroup('What blocks of Stage 1 choose');
    await fireEvent.click(own.getByRole('checkbox', { name: 'kind of block' }));
    await type('Stage 2, Activation', 'relu, gelu');
    await type('Stage 2, Stride', '1, 2');
    await fireEvent.click(await button('Add a layer'));
    const layer = await inGroup('Stem, Layer 2');
    await fireEvent.change(layer.getByRole('combobox', { name: 'Layer' }), {
      target: { value: 'max-pool' },
    });
    await type('Hidden layer', '64, 128');
    await fireEvent.click(await button('Offer another head'));
    await type('Called', 'small');
    await type('Hidden layer', '');
    await fireEvent.click(await button('Add one beside the space'));
    const compared = await inGroup('Network 1');
    await fireEvent.input(compared.getByRole('textbox', { name: 'Name' }), {
      target: { value: 'plain ten' },
    });
    await waitFor(async () => {
      await fireEvent.keyDown(window, { key: 's', ctrlKey: true });
      expect(saved(bridge)['baselines']).toMatchObject([{ name: 'plain ten' }]);
    });
    expect(saved(bridge)).toMatchObject({
      resolution: { deployment: { gene: 'size', from: 32, to: 64, step: 16 } },
      imageChannels: 1,
      network: {
        backbone: {
          stem: [{ channels: 32 }, { pool: 'max' }],
          stages: [
            {
              oneOf: {
                plain: { block: 'basic', kernel: [3, 5] },
                mbconv: { block: 'mbconv', squeezeExcite: [false, 0.25] },
              },
              channels: [32, 48],
              repeats: { gene: 'depth', from: 0, to: 2, step: 1 },
              perBlock: ['block'],
            },
            { block: 'basic', activation: ['relu', 'gelu'], stride: [1, 2] },
            { block: 'basic' },
          ],
        },
        head: {
          gene: 'head',
          oneOf: {
            first: { kind: 'classifier', hidden: [64, 128] },
            small: { kind: 'classifier' },
          },
        },
      },
    });
    await waitFor(() => expect(screen.queryByText('needs fixing', { exact: false })).toBeNull());
  });

  it('scores the network that is drawn', async () => {
    const bridge = open('#/spaces/mine');
    await networks('32');
    await fireEvent.click(await button('Score it'));
    await screen.findByText('ZiCo-BC, capped 41.3');
    await screen.findByText(/^4 × 2 images of 32 × 32, 0\.4 s, /);
    const drawn = screen.getByLabelText(/^The network /).getAttribute('aria-label');
    expect(bridge.calls.find(({ method }) => method === 'spaces.score')?.args).toMatchObject([
      { genotype: drawn?.replace(/^The network (.*), part by part$/, '$1') },
    ]);
    await type('Classes', '11');
    await waitFor(() => expect(screen.queryByText(/^ZiCo-BC, capped/)).toBeNull());
  });

  it('never loses what was not saved: not on another page, not when the window closes', async () => {
    const bridge = open('#/spaces/mine');
    await type('Title', 'Unsaved');
    await screen.findByText('Unsaved changes');
    expect(bridge.ownSpaces.files.get('mine')).toBe(mine);
    cleanup(); // the window closes
    const later = open('#/spaces/mine');
    await screen.findByText('Your unsaved changes from last time are back.');
    expect(await field('Title')).toHaveProperty('value', 'Unsaved');
    await fireEvent.click(await button('Discard changes'));
    await waitFor(async () => expect(await shownText()).toBe(mine));
    await undo(); // even that can be taken back
    await fireEvent.click(await button('Save'));
    await waitFor(() => expect(saved(later)['title']).toBe('Unsaved'));
    await screen.findByText('Saved');
  });

  it('measures no description that has changed since', async () => {
    const bridge = open('#/spaces/mine');
    await networks('32');
    await type('Classes', '11');
    await screen.findByText('Checking…');
    const texts = () =>
      bridge.calls.flatMap(({ method, args }) =>
        method === 'spaces.sizes' ? (args as { text: string }[]).map(({ text }) => text) : [],
      );
    const asked = texts().length;
    await type('Classes', '12');
    await waitFor(() => expect(texts().length).toBeGreaterThan(asked));
    expect(
      texts()
        .slice(asked)
        .filter((text) => !text.includes('"classes": 12')),
    ).toEqual([]);
  });
});

describe('a search in a space of one’s own', () => {
  it('is offered beside the built-in ones, and starts from the editor', async () => {
    const bridge = open('#/spaces/mine');
    await networks('32');
    await fireEvent.click(await button('Search this space'));
    const choice = await screen.findByRole('combobox', { name: 'Search space' });
    await waitFor(() => expect(choice).toHaveProperty('value', 'own/mine'));
    await type('Scoring size', '16 x 24');
    await fireEvent.click(await button(/^Start search/));
    await waitFor(() =>
      expect(bridge.calls.find(({ method }) => method === 'search.start')?.args).toMatchObject([
        { settings: { space: 'mine' }, ownSpace: 'mine', scoringSize: [16, 24] },
      ]),
    );
  });

  it('refuses a scoring size that is none, and one that the main side refuses, at the field', async () => {
    const bridge = open('#/new');
    await type('Scoring size', '16 by');
    expect((await screen.findByRole('alert')).textContent).toContain('such as 128 × 256');
    const { Refusal } = await import('../fake-bridge.ts');
    bridge.overrides['search.start'] = () => {
      const message = 'resolution.scoring: 10 x 10 does not fit the head.';
      throw new Refusal({ code: 'space-invalid', message, hint: 'Use multiples of 128.' });
    };
    await type('Scoring size', '10');
    await fireEvent.click(await button(/^Start search/));
    expect((await screen.findByRole('alert')).textContent).toContain('Use multiples of 128.');
    await type('Scoring size', '128');
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });
});
