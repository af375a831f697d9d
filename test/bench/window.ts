/**
 * `npm run bench -- window [start | scale | fronts | searching | farm]`: how the window behaves in the real Electron,
 * under software rendering at 1280 x 800. Without a word it measures all five.
 */
import { spawnSync } from 'node:child_process';
import { severalFronts } from './window/fronts.ts';
import { onAFarm } from './window/on-farm.ts';
import { atScale } from './window/scale.ts';
import { duringASearch } from './window/searching.ts';
import { starting } from './window/start.ts';

if (process.platform === 'linux' && !process.env['DISPLAY']) {
  const self = ['-a', process.execPath, import.meta.filename, ...process.argv.slice(2)];
  process.exit(spawnSync('xvfb-run', self, { stdio: 'inherit' }).status ?? 1);
}

const parts = {
  ...{ start: starting, scale: atScale, fronts: severalFronts },
  ...{ searching: duringASearch, farm: onAFarm },
};
const asked = process.argv.slice(2);
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length === 0 || asked.includes(name)) await measure();
}
