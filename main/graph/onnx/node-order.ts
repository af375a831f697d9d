/** Nodes in the order in which they can be computed, which files should have, and engines do not insist on. */
import type { INodeProto } from './tensor.ts';

/**
 * Every node behind those that it reads of, otherwise as the file has them. Nodes in a circle leave the file's order, in
 * which they are refused.
 */
export function inOrder(nodes: readonly INodeProto[]): readonly INodeProto[] {
  const makers = new Map<string, INodeProto>();
  for (const node of nodes) for (const name of node.output ?? []) makers.set(name, node);
  const done = new Set<INodeProto>();
  const ordered: INodeProto[] = [];
  for (const first of nodes) {
    // Depth first, without recursion: networks are deeper than stacks.
    const open = [{ node: first, waitingFor: needed(first, makers) }];
    const begun = new Set([first]);
    while (open.length > 0) {
      const { node, waitingFor } = open.at(-1)!;
      const next = done.has(node) ? undefined : waitingFor.pop();
      if (next === undefined) {
        if (!done.has(node)) ordered.push(node);
        done.add(node);
        open.pop();
      } else if (!done.has(next)) {
        if (begun.has(next)) return nodes;
        begun.add(next);
        open.push({ node: next, waitingFor: needed(next, makers) });
      }
    }
  }
  return ordered;
}

/**
 * The same, each with the name by which errors and layers call it: its own, with a number where an earlier node has
 * that, or one made of its operator and place.
 */
export function namedInOrder(
  nodes: readonly INodeProto[],
): readonly { readonly node: INodeProto; readonly name: string }[] {
  const taken = new Set(nodes.map(({ name }) => name));
  const given = new Set<string>();
  return inOrder(nodes).map((node, index) => {
    const own = node.name?.trim() ? node.name : `${node.opType ?? 'node'}_${index}`;
    let name = own;
    for (let again = 2; given.has(name) || (again > 2 && taken.has(name)); again++)
      name = `${own}_${again}`;
    given.add(name);
    return { node, name };
  });
}

/** The last first, because they are taken from the end. */
function needed(node: INodeProto, makers: ReadonlyMap<string, INodeProto>): INodeProto[] {
  const found = readBy(node).flatMap((name) => makers.get(name) ?? []);
  return [...new Set(found)].reverse();
}

/** What a node reads, its branches included. */
export function readBy(node: INodeProto): readonly string[] {
  const branches = (node.attribute ?? []).flatMap(({ g }) => g?.node ?? []);
  return [...(node.input ?? []), ...branches.flatMap(readBy)].filter((name) => name !== '');
}
