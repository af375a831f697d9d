/**
 * `npm run bench -- proxies [NETWORKS] [ENGINE]`: what proxies cost beside a ZiCo of four batches of eight images in
 * float32 on the same engine, one thread, over so many random networks of nats-sss; medians, taking turns, of the
 * processor's time, which other programs hardly move.
 */
import path from 'node:path';
import { proxyNames, type ProxyName } from '../../main/common/proxies.ts';
import { drawDistinct } from '../../main/draw.ts';
import { engineKinds } from '../../main/engine/engines.ts';
import { engineTraits, type EngineName } from '../../main/common/engines.ts';
import { generatorFor } from '../../main/random.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';

const [count = '20', only] = process.argv.slice(2);
const space = spaceNamed('nats-sss');
const images = await openImages(null, path.resolve(import.meta.dirname, '../../main/assets'));
const batches = await drawBatches(images, { batches: 4, batchSize: 8, seed: 0 });
const networks = drawDistinct(generatorFor('proxies'), space.networks, Number(count)).map((i) =>
  initialNetwork(space, space.at(i), 'pytorch-default', 0, 'scoring'),
);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

for (const name of (Object.keys(engineTraits) as EngineName[]).filter(
  (one) => only === undefined || one === only,
)) {
  const here = engineKinds[name].here('float32');
  if (here.version === null) {
    console.log(`${name}: ${here.missing.message}`);
    continue;
  }
  const { compute, proxies } = await engineKinds[name].computing();
  const identity = { name, version: here.version, threads: 1 };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const zico: number[] = [];
  const shares = new Map<ProxyName, number[]>(proxyNames.map((one) => [one, []]));
  for (const [i, network] of [networks[0]!, ...networks].entries()) {
    const one = await timed(() => compute(network, batches, 100, identity, Infinity));
    for (const proxy of proxyNames) {
      const own = await timed(() => proxies(network, batches, [proxy], identity, Infinity));
      if (i > 0) shares.get(proxy)!.push(own / one); // the first one warms up
    }
    if (i > 0) zico.push(one);
  }
  console.log(`${name} ${here.version}: ZiCo of 4 x 8 takes ${median(zico).toFixed(1)} ms`);
  for (const [proxy, own] of shares) console.log(`  ${proxy}: ${median(own).toFixed(3)} of it`);
}
