/**
 * `npm run bench -- farm [--repeats N] [--candidates N] [--space NAME]`: two workers of a farm with a thread each against
 * this computer's own two scoring processes, taking turns. Seconds from the first candidate to the last.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { nodeProcesses } from '../../main/child/node-process.ts';
import { defaultSearchSettings, type SearchSettings } from '../../main/common/settings/index.ts';
import { farmAddress } from '../../main/farm/address.ts';
import { startLocalRedis } from '../../main/farm/local-redis.ts';
import { productVersion } from '../../main/version.ts';
import { Workbench, type SessionOptions } from '../../main/workbench.ts';
import { workbenchPlaces } from '../support/engines.ts';

const { values } = parseArgs({
  options: {
    repeats: { type: 'string', default: '5' },
    candidates: { type: 'string', default: '200' },
    space: { type: 'string', default: 'nats-sss' },
  },
});
const [repeats, candidates] = [Number(values.repeats), Number(values.candidates)];
const cli = path.join(import.meta.dirname, '../../main/cli.ts');
const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-bench-farm-'));
const redis = await startLocalRedis();
const access = {
  address: farmAddress(redis.url, false),
  ...{ password: null, ca: null, certificate: null, key: null },
};
const workbench = new Workbench({ processes: nodeProcesses, ...workbenchPlaces, productVersion });
const settings: SearchSettings = {
  ...defaultSearchSettings,
  ...{ space: values.space, latency: 'macs', search: 'random', inFlight: 8, candidates },
};
let runs = 0;

async function seconds(session: SessionOptions): Promise<number> {
  const file = path.join(folder, `${runs++}.zico`);
  const stored: number[] = [];
  const running = await workbench.startSearch(
    { ...settings, seed: 1 },
    file,
    ({ phase }) => {
      if (phase === 'stored') stored.push(performance.now());
    },
    { engine: 'auto', ...session },
  );
  await running.finished;
  // The first ones wait for processes to start.
  const from = Math.min(16, stored.length - 2);
  return (stored.at(-1)! - stored[from]!) / 1000;
}

async function onFarm(): Promise<number> {
  const words = ['worker', '--farm', redis.url, '--threads', '1', '--phones', 'none'];
  const workers = [1, 2].map(() => spawn(process.execPath, [cli, ...words], { stdio: 'ignore' }));
  try {
    while ((await workbench.farms.status(access)).workers.length < 2) await sleep(200);
    return await seconds({ farm: { access, only: true, any: false } });
  } finally {
    await Promise.all(
      workers.map((worker) => {
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.kill();
        return ended;
      }),
    );
  }
}

const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
const figures = { here: [] as number[], farm: [] as number[] };
try {
  for (let i = 0; i < repeats; i++) {
    figures.here.push(await seconds({ threads: 2, workers: 2 }));
    figures.farm.push(await onFarm());
    const [here, farm] = [figures.here.at(-1)!, figures.farm.at(-1)!];
    console.log(`${i + 1}: here ${here.toFixed(2)} s, two workers ${farm.toFixed(2)} s`);
  }
  const [here, farm] = [median(figures.here), median(figures.farm)];
  const more = ((farm / here - 1) * 100).toFixed(1);
  console.log(
    `${candidates} candidates of ${values.space}, medians of ${repeats}, taking turns: here ${here.toFixed(2)} s, two workers ${farm.toFixed(2)} s, ${more} % more; load ${os.loadavg()[0]!.toFixed(1)}`,
  );
} finally {
  await workbench.close();
  await redis.close();
  rmSync(folder, { recursive: true, force: true });
}
