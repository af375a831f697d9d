/** The `forward` of a block: which variable holds what. */
import type { Block, Item, Path } from './scopes.ts';

/** Python that reaches a module of the block, such as `self.stages[0]`. */
export type MemberAccess = (path: Path) => string;

/** Lines of the body, the `return` included; the parameters are `inputNames(block)`. */
export function forwardLines(block: Block, access: MemberAccess): string[] {
  const { items, outputs } = block;
  const lastUse = new Map<string, number>();
  items.forEach((item, i) => item.inputs.forEach((value) => lastUse.set(value, i)));
  outputs.forEach((value) => lastUse.set(value, Infinity));
  const names = new Map<string, string>();
  const parameters = inputNames(block);
  block.inputs.forEach((value, i) => names.set(value, parameters[i]!));
  const lines: string[] = [];
  items.forEach((item, i) => {
    const read = item.inputs.map((value) => names.get(value)!);
    const text = callOf(item, read, access);
    // A variable whose value is no longer needed is reused for the next one.
    const dying = item.inputs.filter((value) => lastUse.get(value)! <= i);
    const free = dying.map((value) => names.get(value)!);
    for (const value of dying) names.delete(value);
    const made = item.outputs.map((value) => {
      const name =
        free.shift() ?? freshName(wordOf(item), new Set([...names.values(), ...parameters]));
      names.set(value, name);
      return name;
    });
    lines.push(`${made.join(', ')} = ${text}`);
    for (const value of item.outputs) if (!lastUse.has(value)) names.delete(value);
  });
  const returned = outputs.map((value) => names.get(value)!).join(', ');
  const last = lines.at(-1);
  // `x = f(x)` and `return x` say no more than `return f(x)`.
  if (last?.startsWith(`${returned} = `))
    lines[lines.length - 1] = `return ${last.slice(returned.length + 3)}`;
  else lines.push(`return ${returned}`);
  return lines;
}

/** `x` for a single input; several are numbered. */
export function inputNames({ inputs }: Block): string[] {
  return inputs.length === 1 ? ['x'] : inputs.map((_, i) => `x${i + 1}`);
}

function callOf(item: Item, inputs: readonly string[], access: MemberAccess): string {
  switch (item.kind) {
    case 'step':
      return item.step.render(
        inputs,
        item.step.leaves.map(({ path }) => access(path)),
      );
    case 'block':
      return `${access(item.block.path)}(${inputs.join(', ')})`;
    case 'chain':
      return `${access(item.path)}(${inputs.join(', ')})`;
  }
}

function wordOf(item: Item): string {
  if (item.kind === 'step') return item.step.word === 'y' ? 'y' : item.step.word;
  const path = item.kind === 'block' ? item.block.path : item.path;
  return path.findLast((segment) => !/^\d/.test(segment)) ?? 'y';
}

function freshName(word: string, taken: ReadonlySet<string>): string {
  const base = ['x', 'self', 'torch', 'F', 'nn'].includes(word) ? 'y' : word;
  if (!taken.has(base)) return base;
  for (let i = 2; ; i++) if (!taken.has(`${base}${i}`)) return `${base}${i}`;
}
