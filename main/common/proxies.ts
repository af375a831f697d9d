/**
 * Scores of untrained networks besides ZiCo ("zero-cost proxies"): their names on the command line, in files and
 * in the window. Their formulas are in main/proxy.
 */

interface ProxyWords {
  /** Its key in JSON, run files and tables. */
  readonly key: string;
  readonly label: string;
  /** A one-line explanation. */
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
    about: 'MeCo of eight channels per layer, each layer weighted by how many it has.',
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
  /** Null if it has no value: the network then ranks last. */
  readonly value: number | null;
  /** Why it has none. */
  readonly reason?: string;
  /** Number of the network's values that had to be clipped; absent if none. */
  readonly shortened?: number;
}

/** Values of the proxies that were computed for a network, by key; null if one has no value. */
export type ProxyValues = Readonly<Partial<Record<ProxyKey, number | null>>>;

/** The proxies as a setting holds them, in the order of the table, each once: `near,synflow`, or `none`. */
export function proxiesAsText(names: readonly ProxyName[]): string {
  return proxyNames.filter((name) => names.includes(name)).join(',') || 'none';
}

/** The proxies named in such a text; null if it names an unknown one. */
export function proxiesInText(text: string): readonly ProxyName[] | null {
  if (text === 'none') return [];
  if (text === 'all') return proxyNames;
  const named = text.split(',').map((one) => one.trim());
  const known = proxyNames.filter((name) => named.includes(name));
  return new Set(named).size === known.length ? known : null;
}
