/** `--latency`: a source by its name, or phones by their serials. */
import { InvalidArgumentError } from 'commander';
import { latencyTraits, type LatencyKind } from '../common/latency-sources.ts';
import { listed } from './options.ts';

type NamedPhone = `phone:${string}`;
/** `phone` may name phones: `phone:SERIAL`, with commas between several serials. */
export type TypedLatency<Kind extends LatencyKind = LatencyKind> = Kind | NamedPhone;

export function isPhone(latency: TypedLatency): latency is 'phone' | NamedPhone {
  return latency === 'phone' || latency.startsWith('phone:');
}

/** The serial in `phone:SERIAL`, which may contain colons, as for a phone on the network. */
export function phoneSerial(latency: string): string | null {
  return latency.startsWith('phone:') ? latency.slice('phone:'.length) : null;
}

/** The kind of source, without the phones named. */
export function kindOf<Kind extends LatencyKind>(latency: TypedLatency<Kind>): Kind | 'phone' {
  return isPhone(latency) ? 'phone' : latency;
}

const words = (kind: LatencyKind): string[] =>
  latencyTraits[kind].on === 'phones' ? [kind, `${kind}:SERIAL`] : [kind];

/** @param kinds the sources that may be named */
export function typedLatency<Kind extends LatencyKind>(kinds: readonly Kind[]) {
  const parse = (text: string): TypedLatency<Kind> => {
    const known = kinds.find((kind) => kind === text);
    if (known) return known;
    if (/^phone:.+/.test(text) && kinds.some((kind) => kind === 'phone')) return text as NamedPhone;
    throw new InvalidArgumentError(`It must be ${listed(kinds.flatMap(words))}.`);
  };
  return Object.assign(parse, { choices: kinds });
}

/** Describes each source, for the help. */
export function latencyHelp(kinds: readonly LatencyKind[]): string {
  return kinds.map((kind) => `${words(kind).join(' or ')} ${latencyTraits[kind].help}`).join(', ');
}
