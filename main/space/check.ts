/** What a description must satisfy beyond its schema. Every error names the path in the file. */
import type { Decision } from './decisions.ts';
import { invalid } from './description-error.ts';
import { checkBackbone } from './check-backbone.ts';
import { checkHead } from './check-head.ts';
import { checkResolution } from './check-resolution.ts';
import { Faults } from './faults.ts';
import type {
  Backbone,
  Head,
  NetworkDescription,
  SpaceDescription,
} from '../common/space-description.ts';
import { decisionsOf, isAlternatives } from './network.ts';

/** Throws `space-invalid`: the first fault, carrying all of them. */
export function checkDescription(
  description: SpaceDescription,
  decisions: readonly Decision[],
): void {
  const faults = new Faults();
  faults.check(() => checkResolution(description.resolution));
  // Sizes can be held against a network only where they are sizes.
  faults.end();
  faults.check(() => checkNetwork(description, description.network, 'network'));
  faults.check(() => checkNames(decisions));
  description.baselines.forEach((baseline, i) => {
    if (!('network' in baseline)) return;
    const path = `baselines[${i}].network`;
    faults.check(() => checkNetwork(description, baseline.network, path));
    const [open] = decisionsOf(baseline.network);
    if (open === undefined) return;
    const what = `${open.gene} is a choice, but a baseline is one network`;
    faults.add(invalid(path, what, 'Give one value.'));
  });
  faults.end();
}

/** Two genes of one name could not be told apart if both can occur in one network. */
function checkNames(decisions: readonly Decision[]): void {
  const namesIn = (open: readonly Decision[]): string[] =>
    open.flatMap(({ gene, options }) => [
      gene,
      ...new Set(options.flatMap(({ then }) => namesIn(then))),
    ]);
  const names = namesIn(decisions);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw invalid('network', `two genes are called "${twice}"`, 'Give each gene a name of its own.');
}

function checkNetwork(
  description: SpaceDescription,
  network: NetworkDescription,
  path: string,
): void {
  const faults = new Faults();
  const heads = each<Head>(network.head, `${path}.head`);
  for (const [backbone, backbonePath] of each<Backbone>(network.backbone, `${path}.backbone`)) {
    const reductions = checkBackbone(description, backbone, backbonePath, faults);
    for (const [head, headPath] of heads)
      faults.check(() => checkHead(description, head, headPath, reductions));
  }
  faults.end();
}

function each<T extends object>(
  part: T | { readonly oneOf: Readonly<Record<string, T>>; readonly gene: string },
  path: string,
): (readonly [T, string])[] {
  if (!isAlternatives(part)) return [[part, path]];
  const entries = Object.entries(part.oneOf);
  if (entries.length === 0)
    throw invalid(`${path}.oneOf`, 'there is nothing to choose from', 'Describe at least one.');
  return entries.map(([label, one]) => [one, `${path}.oneOf.${label}`]);
}
