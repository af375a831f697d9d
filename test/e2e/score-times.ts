/**
 * Prints as JSON how long each engine needs for one network inside of the window's scoring child, an Electron
 * utility process: `node score-times.ts GENOTYPE COUNT [ENGINE...]`, with a display and a built product.
 * The page "Score a model" does the work, so the times are those that a person gets.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { writeDeployableOnnx } from '../../main/graph/onnx/write.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import type { ModelList } from '../../preload/contract.ts';
import { createHome } from './pages/open.ts';

const [genotype = '', countText, ...engines] = process.argv.slice(2);
const space = spaceNamed('nats-sss');
await using home = await createHome();
const model = path.join(home.folder, 'model.onnx');
const network = initialNetwork(space, space.parse(genotype), 'pytorch-default', 0);
await writeFile(model, writeDeployableOnnx(network, 1, ''));
await using launched = await home.open();
const { app, page } = launched;

await app.evaluate(({ dialog }, file) => {
  dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
}, model);

async function listed(on: Page): Promise<ModelList> {
  const answer = await on.evaluate(() => window.workbench.call('models.list'));
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

/** Waits for the model's score and returns its seconds. */
async function seconds(): Promise<number> {
  for (;;) {
    const [row] = (await listed(page)).models;
    if (row?.state === 'failed') throw new Error(row.error?.message);
    if (row?.state === 'scored' && row.score) return row.score.seconds;
    await wait(50);
  }
}

const times: Record<string, number[]> = {};
await page.evaluate(() => window.workbench.call('models.choose'));
await seconds();
for (const engine of engines as ModelList['settings']['engine'][]) {
  const { settings } = await listed(page);
  const next = { ...settings, engine, batchSize: 64 };
  // Fresh weights, as a candidate has; another engine starts a child, whose first score is a warm-up.
  times[engine] = [];
  for (let seed = 0; seed <= Number(countText); seed++) {
    const request = { settings: { ...next, weights: 'pytorch-default' as const, seed } };
    await page.evaluate((sent) => window.workbench.call('models.configure', sent), request);
    const taken = await seconds();
    if (seed > 0) times[engine].push(taken);
  }
}
console.log(JSON.stringify(times));
