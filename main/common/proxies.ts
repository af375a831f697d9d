/**
 * Scores of an untrained network beside ZiCo ("zero-cost proxies"): their names on the command line, in files and
 * in the window. What they compute is main/proxy.
 */

interface ProxyWords {
  /** In JSON, run files and tables. */
  readonly key: string;
  readonly label: string;
  /** One line for those who ask. */
  readonly about: string;
}

export const proxies = {
  near: {
    key: 'near',
    label: 'NEAR',
    about:
      'How many independent directions the activations of a few images have, added up over the layers.',
  },
  synflow: {
    key: 'synflow',
    label: 'SynFlow',
    about: 'How much all weights together carry from input to output; needs no images.',
  },
  meco: {
    key: 'meco',
    label: 'MeCo',
    about: 'How little the channels of a layer repeat each other, added up over the layers.',
  },
  'meco-weighted': {
    key: 'mecoWeighted',
    label: 'MeCo, weighted',
    about: 'MeCo of eight channels a layer, each layer weighted by how many it has.',
  },
  naswot: {
    key: 'naswot',
    label: 'NASWOT',
    about: 'How differently the ReLUs of a network see the images of a batch.',
  },
} as const satisfies Record<string, ProxyWords>;

export type ProxyName = keyof typeof proxies;
export type ProxyKey = (typeof proxies)[ProxyName]['key'];

export const proxyNames = Object.keys(proxies) as readonly ProxyName[];
export const proxyKeys = proxyNames.map((name) => proxies[name].key);

/** A proxy's score of a network. */
export interface ProxyReading {
  /** Null where it has no value: the network is ranked last. */
  readonly value: number | null;
  /** Why it has none. */
  readonly reason?: string;
  /** How many values of the network it had to clip; absent where none. */
  readonly shortened?: number;
}

/** What proxies that were asked said of a network, by key; null where one has no value. */
export type ProxyValues = Readonly<Partial<Record<ProxyKey, number | null>>>;

/** In the order of the table, each once, as a setting holds them: `near,synflow`, or `none`. */
export function proxiesAsText(names: readonly ProxyName[]): string {
  return proxyNames.filter((name) => names.includes(name)).join(',') || 'none';
}

/** The proxies that such a text names; null where it names an unknown one. */
export function proxiesInText(text: string): readonly ProxyName[] | null {
  if (text === 'none') return [];
  if (text === 'all') return proxyNames;
  const named = text.split(',').map((one) => one.trim());
  const known = proxyNames.filter((name) => named.includes(name));
  return new Set(named).size === known.length ? known : null;
}
