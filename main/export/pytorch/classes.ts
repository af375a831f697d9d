/**
 * Blocks of equal structure become one class. A number in which its instances differ becomes a parameter
 * of the class; numbers that are equal in every instance share one.
 */
import { forwardLines, inputNames } from './forward.ts';
import { accessTo, isList, membersOf, slotsOf, type Member, type Members } from './members.ts';
import { className } from './names.ts';
import type { Block, Item } from './scopes.ts';
import type { Slot } from './step.ts';

interface Draft {
  readonly block: Block;
  readonly members: Members;
  readonly slots: readonly Slot[];
  readonly forward: readonly string[];
  readonly group: Group;
}

interface Parameter {
  readonly name: string;
  /** Indices of the slots that it fills. */
  readonly places: readonly number[];
}

interface Group {
  readonly drafts: Draft[];
  name: string;
  parameters: readonly Parameter[];
}

/** Lists the classes of a network as Python, helpers first; the last one is the network itself. */
export function classesOf(network: Block, title: string): { text: string[]; name: string } {
  const writer = new ClassWriter();
  writer.visit(network);
  writer.settle(title);
  return { text: writer.write(), name: className(title) };
}

const placeholders = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `<${from + i}>`);

class ClassWriter {
  readonly #drafts = new Map<Block, Draft>();
  readonly #groups = new Map<string, Group>();
  #holdsValues = false;

  /** Inner blocks first, so that an outer one can name the classes of its members. */
  visit(block: Block): void {
    const inner = (item: Item): void => {
      if (item.kind === 'block') this.visit(item.block);
      if (item.kind === 'chain') item.members.forEach(inner);
    };
    block.items.forEach(inner);
    const members = membersOf(block);
    const slots = slotsOf(members, (child) => this.#drafts.get(child)!.slots);
    const forward = forwardLines(block, (path) => accessTo(members, path.slice(block.path.length)));
    const made = this.#constructions(members, placeholders(slots.length));
    const signature = [...made, inputNames(block).join(), ...forward].join('\n');
    const group = this.#groups.get(signature) ?? { drafts: [], name: '', parameters: [] };
    this.#groups.set(signature, group);
    const draft: Draft = { block, members, slots, forward, group };
    group.drafts.push(draft);
    this.#drafts.set(block, draft);
  }

  /** Chooses names and parameters once every instance is known. */
  settle(title: string): void {
    const taken = new Set([className(title), 'Values']);
    const groups = [...this.#groups.values()];
    for (const group of groups) {
      group.parameters = parametersOf(group);
      const { block } = group.drafts[0]!;
      const wanted = block.path.length === 0 ? className(title) : nameFor(group.drafts[0]!);
      let name = wanted;
      for (let i = 2; block.path.length > 0 && taken.has(name); i++) name = `${wanted}${i}`;
      taken.add(name);
      group.name = name;
    }
  }

  write(): string[] {
    const classes = [...this.#groups.values()].map((group) => this.#classText(group));
    return this.#holdsValues ? [holderClass, ...classes] : classes;
  }

  #classText(group: Group): string {
    const { block, members, slots, forward } = group.drafts[0]!;
    const given = slots.map(({ value }) => String(value));
    for (const { name, places } of group.parameters)
      for (const place of places) given[place] = name;
    const parameters = group.parameters.map(({ name }) => `, ${name}`).join('');
    const lines = this.#constructions(members, given);
    return [
      `class ${group.name}(nn.Module):`,
      `    """${usesOf(group.drafts)}"""`,
      '',
      `    def __init__(self${parameters}):`,
      '        super().__init__()',
      ...lines.flatMap((line) => line.split('\n')).map((line) => `        ${line}`),
      '',
      `    def forward(self, ${inputNames(block).join(', ')}):`,
      ...forward.map((line) => `        ${line}`),
    ].join('\n');
  }

  /** Lines of `__init__`. */
  #constructions(members: Members, given: readonly string[]): string[] {
    const left = [...given];
    return [...members].map(([name, member]) => {
      if (member.kind === 'leaf' && member.leaf.kind !== 'module') {
        const made = member.leaf.construct(left.splice(0, member.leaf.slots.length));
        return member.leaf.kind === 'parameter'
          ? `self.${name} = nn.Parameter(${made})`
          : `self.register_buffer("${name}", ${made})`;
      }
      return `self.${name} = ${this.#construct(member, left)}`;
    });
  }

  /** Takes its slots from the front of `left`. */
  #construct(member: Member, left: string[]): string {
    if (member.kind === 'leaf') {
      const made = member.leaf.construct(left.splice(0, member.leaf.slots.length));
      if (member.leaf.kind === 'module') return made;
      this.#holdsValues = true;
      return `Values(${made}${member.leaf.kind === 'buffer' ? ', trained=False' : ''})`;
    }
    if (member.kind === 'block') {
      const { slots, group } = this.#drafts.get(member.block)!;
      const own = left.splice(0, slots.length);
      // While structures are compared nothing has a name yet: then every slot counts.
      if (group.name === '')
        return `${[...this.#groups.values()].indexOf(group)}(${own.join(', ')})`;
      return `${group.name}(${group.parameters.map(({ places }) => own[places[0]!]).join(', ')})`;
    }
    const children = [...member.children];
    const list = isList(member);
    const made = children.map(([key, child]) => {
      const text = this.#construct(child, left).replaceAll('\n', '\n    ');
      return list ? text : `"${key}": ${text}`;
    });
    if (!list) return `nn.ModuleDict({\n    ${made.join(',\n    ')},\n})`;
    const parts = runsOf(made);
    const comma = parts.join(', ');
    return member.sequential
      ? `nn.Sequential(\n    ${parts.join(',\n    ')},\n)`
      : comma.length < 70 && !comma.includes('\n')
        ? `nn.ModuleList([${comma}])`
        : `nn.ModuleList([\n    ${parts.join(',\n    ')},\n])`;
  }
}

const holderClass = `class Values(nn.Module):
    """Numbers of the network that belong to no layer of torch.nn."""

    def __init__(self, value, trained=True):
        super().__init__()
        if trained:
            self.value = nn.Parameter(value)
        else:
            self.register_buffer("value", value)`;

/** Consecutive equal members become a loop. While structures are compared, no two are equal. */
function runsOf(made: readonly string[]): string[] {
  const parts: string[] = [];
  for (let i = 0; i < made.length;) {
    let end = i + 1;
    while (end < made.length && made[end] === made[i]) end++;
    if (end - i < 3) parts.push(...made.slice(i, end));
    else parts.push(`*[${made[i]} for _ in range(${end - i})]`);
    i = end;
  }
  return parts;
}

/** Slots that differ between instances, those with the same numbers everywhere joined. */
function parametersOf({ drafts }: Group): Parameter[] {
  const { slots } = drafts[0]!;
  const columns = slots.map((_, place) => drafts.map((draft) => draft.slots[place]!.value));
  const joined = new Map<string, number[]>();
  columns.forEach((column, place) => {
    if (column.every((value) => value === column[0])) return;
    const key = column.join();
    joined.set(key, [...(joined.get(key) ?? []), place]);
  });
  const channels = (place: number) => /channels|features/.test(slots[place]!.role);
  const lastChannels = slots.findLastIndex((_, place) => channels(place));
  const taken = new Set<string>();
  return [...joined.values()].map((places) => {
    let wanted = slots[places[0]!]!.role;
    const [first, last] = [places.includes(0), places.includes(lastChannels)];
    if (channels(places[0]!)) {
      wanted =
        first && last
          ? 'channels'
          : first
            ? 'in_channels'
            : last
              ? 'out_channels'
              : 'hidden_channels';
    }
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted}${i}`;
    taken.add(name);
    return { name, places };
  });
}

function nameFor({ block, members }: Draft): string {
  const steps = block.items.flatMap((item) => (item.kind === 'step' ? [item.step] : []));
  const modules = [...members.values()].flatMap((member) =>
    member.kind === 'leaf'
      ? [member.leaf.construct(member.leaf.slots.map(({ value }) => String(value)))]
      : [],
  );
  const count = (kind: string) => modules.filter((text) => text.startsWith(`nn.${kind}`)).length;
  const onlySteps = steps.length === block.items.length;
  if (onlySteps && count('Conv2d') === 1 && count('BatchNorm2d') === 1 && modules.length === 2) {
    const bare = steps.flatMap(({ leaves, activation }) =>
      leaves.length > 0 ? ['L'] : activation ? ['A'] : ['?'],
    );
    const form = bare.join('');
    if (form === 'LL') return 'ConvNorm';
    if (form === 'LLA') return 'ConvNormAct';
    if (form === 'ALL') return 'ActConvNorm';
  }
  const input = block.inputs[0]!;
  const adds = steps.some(
    (step) =>
      step.leaves.length === 0 &&
      step.inputs.length === 2 &&
      step.inputs.includes(input) &&
      step.render(['a', 'b'], []) === 'a + b',
  );
  if (adds) return 'ResidualBlock';
  const numbered = /^\d/.test(block.path.at(-1) ?? '');
  const word = block.path.findLast((segment) => !/^\d/.test(segment)) ?? 'block';
  return `${className(word.replaceAll('_', ' '))}${numbered ? 'Block' : ''}`;
}

function usesOf(drafts: readonly Draft[]): string {
  const paths = drafts.map(({ block }) => block.path.join('.'));
  if (paths[0] === '') return 'The whole network: images in, raw outputs out.';
  const shown = paths.slice(0, 4).join(', ');
  if (paths.length === 1) return `Used as ${shown}.`;
  return `Used ${paths.length} times: ${shown}${paths.length > 4 ? ', ...' : '.'}`;
}
