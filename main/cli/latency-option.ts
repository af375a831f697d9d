/** `--latency`: a source by its name, and phones by theirs. */
import { InvalidArgumentError } from 'commander';
import { latencyTraits, type LatencyKind } from '../common/latency-sources.ts';
import { listed } from './options.ts';

type NamedPhone = `phone:${string}`;
/** `phone` may name phones: `phone:SERIAL`, several with commas between them. */
export type TypedLatency<Kind extends LatencyKind = LatencyKind> = Kind | NamedPhone;

export function isPhone(latency: TypedLatency): latency is 'phone' | NamedPhone {
  return latency === 'phone' || latency.startsWith('phone:');
}

/** `phone`, `phone:SERIAL`; a serial may hold colons, as that of a phone over the network does. */
export function phoneSerial(latency: string): string | null {
  return latency.startsWith('phone:') ? latency.slice('phone:'.length) : null;
}

/** The source that was meant, whatever phones were named. */
export function kindOf<Kind extends LatencyKind>(latency: TypedLatency<Kind>): Kind | 'phone' {
  return isPhone(latency) ? 'phone' : latency;
}

const words = (kind: LatencyKind): string[] =>
  latencyTraits[kind].on === 'phones' ? [kind, `${kind}:SERIAL`] : [kind];

/** @param kinds that may be named */
export function typedLatency<Kind extends LatencyKind>(kinds: readonly Kind[]) {
  const parse = (text: string): TypedLatency<Kind> => {
    const known = kinds.find((kind) => kind === text);
    if (known) return known;
    if (/^phone:.+/.test(text) && kinds.some((kind) => kind === 'phone')) return text as NamedPhone;
    throw new InvalidArgumentError(`It must be ${listed(kinds.flatMap(words))}.`);
  };
  return Object.assign(parse, { choices: kinds });
}

/** What each does, for the help. */
export function latencyHelp(kinds: readonly LatencyKind[]): string {
  return kinds.map((kind) => `${words(kind).join(' or ')} ${latencyTraits[kind].help}`).join(', ');
}
