/** Where images lie in a value that holds several places of each, and what meets these places. */
import type { Node, Shape } from '../graph.ts';
import { broadcasting } from './one-of-each.ts';

/** Where the images lie in a value: in axis `axis`, whose places before them are `before`. */
export interface BatchPlace {
  readonly axis: number;
  readonly before: number;
}

/**
 * Parts of images, windows for example, that meet what all images have alike for their parts, as the masks of windows
 * are: the parts of an image get an axis of their own, along which the images broadcast. Null where it is otherwise.
 */
export function perImage(
  node: Node,
  places: ReadonlyMap<string, BatchPlace>,
  grown: ReadonlyMap<string, Shape>,
  once: ReadonlySet<string>,
  images: number,
  onceOf: (constant: string) => string,
): ((was: Shape) => readonly Node[]) | null {
  if (node.inputs.length !== 2 || !broadcasting.has(node.kind)) return null;
  const [parts] = node.inputs.filter((input) => places.has(input));
  const [given] = node.inputs.filter((input) => !places.has(input));
  if (parts === undefined || given === undefined || places.get(parts)!.before !== 1) return null;
  const alike = onceOf(given);
  if (images > 1 && alike === given && !once.has(given)) return null;
  const [count = 1, ...rest] = grown.get(alike) ?? [];
  const [all = 1, ...sizes] = grown.get(parts) ?? [];
  const fits = count > 1 && all === count * (images + 1) && rest.length === sizes.length;
  if (!fits || places.get(parts)!.axis !== 0) return null;
  const named = (part: string) => `${node.outputs[0]!}:${part}`;
  const inputs = node.inputs.map((input) => (input === parts ? named('parts') : alike));
  const reshape = (part: string, from: string, to: string, shape: readonly number[]): Node => ({
    ...{ kind: 'Reshape', name: `${node.name}:${part}`, inputs: [from], outputs: [to] },
    attributes: { shape },
  });
  return (was) => [
    reshape('parts', parts, named('parts'), [-1, count, ...sizes]),
    { ...node, inputs, outputs: [named('apart')] },
    reshape('joined', named('apart'), node.outputs[0]!, [-1, ...was.slice(1)]),
  ];
}
