/** Every proxy by its name; common/proxies.ts has its words. */
import type { ProxyName } from '../common/proxies.ts';
import { meco } from './meco.ts';
import { mecoWeighted } from './meco-weighted.ts';
import { naswot } from './naswot.ts';
import { near } from './near.ts';
import type { Proxy } from './proxy.ts';
import { synflow } from './synflow.ts';

export const proxyFormulas: Readonly<Record<ProxyName, Proxy>> = {
  near,
  synflow,
  meco,
  'meco-weighted': mecoWeighted,
  naswot,
};
