import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ModelGraphs } from '../../../main/electron/model-graphs.ts';
import { FakeServices } from './fake-services.ts';

let services: FakeServices;
let graphs: ReturnType<ModelGraphs['handlers']>;
let chosen: string | null;
let added: readonly string[];
beforeEach(() => {
  services = new FakeServices();
  chosen = null;
  added = [];
  graphs = new ModelGraphs({
    services,
    models: { add: (files) => void (added = files), pathOf: (id) => `/models/${id}.onnx` },
    chooseFile: async () => chosen,
  }).handlers();
});

describe('models that are looked at', () => {
  it('are chosen in a dialog, dropped, or taken from the list of scored ones', async () => {
    expect(await graphs['graphs.choose']()).toBeNull();
    chosen = '/models/a.onnx';
    expect(await graphs['graphs.choose']()).toMatchObject({ file: 'a.onnx', model: '1' });
    expect(await graphs['graphs.dropped']({ path: '/models/b.onnx' })).toMatchObject({
      model: '2',
    });
    expect(await graphs['graphs.ofModel']({ id: 7 })).toMatchObject({ file: '7.onnx', model: '3' });
    // One that is known keeps its number.
    expect(await graphs['graphs.choose']()).toMatchObject({ model: '1' });
    expect(services.drawn).toEqual(
      ['a', 'b', '7', 'a'].map((name) => path.resolve(`/models/${name}.onnx`)),
    );
  });

  it('are named by numbers that were given out, and by nothing else', async () => {
    await expect(graphs['graphs.node']({ model: '/etc/passwd', box: 0 })).rejects.toMatchObject({
      code: 'unknown-model',
    });
    const { model } = await graphs['graphs.dropped']({ path: '/models/b.onnx' });
    expect(await graphs['graphs.node']({ model, box: 4 })).toMatchObject({ box: 4 });
    await graphs['graphs.score']({ model });
    expect(added).toEqual([path.resolve('/models/b.onnx')]);
  });

  it('come back when the page is loaded again', async () => {
    expect(await graphs['graphs.last']()).toBeNull();
    await graphs['graphs.dropped']({ path: '/models/b.onnx' });
    expect(await graphs['graphs.last']()).toMatchObject({ file: 'b.onnx', model: '1' });
    await graphs['graphs.close']();
    expect(services.drawn.at(-1)).toBe('let go');
  });
});
