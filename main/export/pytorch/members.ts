/** The members of a block: its modules, parameters and buffers, nested as in their names. */
import type { Block, Item, Path } from './scopes.ts';
import type { Leaf, Slot } from './step.ts';
import type { Known } from '../../common/known.ts';

export type Member =
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | { readonly kind: 'block'; readonly block: Block }
  | {
      readonly kind: 'container';
      readonly children: Map<string, Member>;
      /** True if its members are called one after another. */
      sequential: boolean;
    };

export type Members = ReadonlyMap<string, Member>;

/** Members by name, in the order of their first use. */
export function membersOf(block: Block): Members {
  const root = new Map<string, Member>();
  const place = (path: Path, member: Member): void => {
    let at = root;
    const relative = path.slice(block.path.length);
    for (const segment of relative.slice(0, -1)) {
      const known = at.get(segment);
      const container =
        known?.kind === 'container'
          ? known
          : ({ kind: 'container', children: new Map(), sequential: false } as const);
      at.set(segment, container);
      at = container.children;
    }
    const last = relative[relative.length - 1]!;
    if (!at.has(last)) at.set(last, member);
  };
  const visit = (item: Item): void => {
    if (item.kind === 'block') place(item.block.path, { kind: 'block', block: item.block });
    else if (item.kind === 'step') {
      for (const { path, leaf } of item.step.leaves) place(path, { kind: 'leaf', leaf });
    } else {
      item.members.forEach(visit);
      const container = memberAt(root, item.path.slice(block.path.length));
      if (container?.kind === 'container') container.sequential = true;
    }
  };
  block.items.forEach(visit);
  return root;
}

export function memberAt(members: Members, path: Path): Member | undefined {
  const [first, ...rest] = path as Known<string>;
  const member = members.get(first);
  return rest.length === 0 || member?.kind !== 'container'
    ? member
    : memberAt(member.children, rest);
}

export function isList({ children }: Extract<Member, { kind: 'container' }>): boolean {
  const keys = [...children.keys()];
  return keys.every((key, i) => key === String(i));
}

/** Python that accesses a member from inside its block. */
export function accessTo(members: Members, path: Path): string {
  let text = `self.${path[0]}`;
  let member = members.get(path[0]!);
  for (const segment of path.slice(1)) {
    if (member?.kind !== 'container') break;
    text += isList(member) ? `[${segment}]` : `["${segment}"]`;
    member = member.children.get(segment);
  }
  return member?.kind === 'leaf' && member.leaf.kind !== 'module' && path.length > 1
    ? `${text}.value`
    : text;
}

/** Slots of all members, in the order of construction; `ofBlock` gives those of inner blocks. */
export function slotsOf(members: Members, ofBlock: (block: Block) => readonly Slot[]): Slot[] {
  return [...members.values()].flatMap((member) => {
    if (member.kind === 'leaf') return [...member.leaf.slots];
    if (member.kind === 'block') return [...ofBlock(member.block)];
    return slotsOf(member.children, ofBlock);
  });
}
