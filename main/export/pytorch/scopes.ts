/** Finds the blocks of a network: the names of weights tell which lines belong together. */
import type { Step } from './step.ts';

export type Path = readonly string[];

/** Part of a `forward`: a line, a call of a block, or a call of a list whose members follow each other. */
export type Item = Extent &
  (
    | { readonly kind: 'step'; readonly step: Step }
    | { readonly kind: 'block'; readonly block: Block }
    | { readonly kind: 'chain'; readonly path: Path; readonly members: readonly Item[] }
  );

interface Extent {
  /** The range of steps: `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A module with a `forward` of its own. */
export interface Block {
  readonly path: Path;
  readonly items: readonly Item[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const isNumber = (segment: string) => /^\d+$/.test(segment);
const under = (path: Path, prefix: Path) => prefix.every((segment, i) => path[i] === segment);

export function blocksOf(
  steps: readonly Step[],
  inputs: readonly string[],
  outputs: readonly string[],
): Block {
  return new Finder(steps, outputs).block([], 0, steps.length, inputs);
}

class Finder {
  readonly #steps: readonly Step[];
  readonly #outputs: readonly string[];
  readonly #madeAt = new Map<string, number>();
  readonly #lastUse = new Map<string, number>();
  /** For each position, the number of values made before it and used after it. */
  readonly #live: readonly number[];

  constructor(steps: readonly Step[], outputs: readonly string[]) {
    this.#steps = steps;
    this.#outputs = outputs;
    steps.forEach((step, i) => {
      for (const value of step.inputs) this.#lastUse.set(value, i);
      this.#madeAt.set(step.output, i);
    });
    for (const value of outputs) this.#lastUse.set(value, Infinity);
    const values = [...this.#lastUse.keys()];
    this.#live = Array.from(
      { length: steps.length + 1 },
      (_, place) =>
        values.filter((value) => this.#made(value) < place && this.#last(value) >= place).length,
    );
  }

  block(path: Path, from: number, to: number, inputs?: readonly string[]): Block {
    const parts = this.#extended(this.#candidates(path, from, to), from, to);
    const items: Item[] = [];
    for (let i = from; i < to; i++) {
      const part = parts.find(({ start }) => start === i);
      if (part) {
        const block = this.block(part.path, part.start, part.end);
        const { inputs, outputs } = block;
        items.push({ kind: 'block', block, from: part.start, to: part.end, inputs, outputs });
        i = part.end - 1;
      } else {
        const step = this.#steps[i]!;
        items.push({
          kind: 'step',
          step,
          from: i,
          to: i + 1,
          inputs: step.inputs,
          outputs: [step.output],
        });
      }
    }
    return {
      path,
      items: this.#chained(path, items, from, to),
      inputs: inputs ?? this.#inputsOf(from, to),
      outputs: path.length === 0 ? this.#outputs : this.#outputsOf(from, to),
    };
  }

  readonly #made = (value: string) => this.#madeAt.get(value) ?? -1;
  readonly #last = (value: string) => this.#lastUse.get(value) ?? -1;

  #inputsOf(from: number, to: number): string[] {
    const read = this.#steps.slice(from, to).flatMap((step) => step.inputs);
    return [...new Set(read)].filter((value) => this.#made(value) < from);
  }

  #outputsOf(from: number, to: number): string[] {
    return this.#steps
      .slice(from, to)
      .flatMap(({ output }) => (this.#last(output) >= to ? [output] : []));
  }

  /** Modules below a path whose lines are contiguous, in order. */
  #candidates(
    prefix: Path,
    from: number,
    to: number,
  ): { path: Path; first: number; last: number }[] {
    const groups = new Map<string, number[]>();
    for (let i = from; i < to; i++) {
      for (const { path } of this.#steps[i]!.leaves) {
        if (!under(path, prefix) || path.length < prefix.length + 2) continue;
        const key = path[prefix.length]!;
        groups.set(key, [...(groups.get(key) ?? []), i]);
      }
    }
    const found = [...groups].flatMap(([key, places]) => {
      const path = [...prefix, key];
      const [first, last] = [places[0]!, places[places.length - 1]!];
      const inside = this.#steps.slice(first, last + 1).flatMap(({ leaves }) => leaves);
      const own = this.#leavesUnder(path);
      const isList = own.every((leaf) => isNumber(leaf[path.length]!));
      const together = inside.every((leaf) => under(leaf.path, path));
      const whole = own.length === new Set(inside.map((leaf) => leaf.path.join('.'))).size;
      return !isList && together && whole
        ? [{ path, first, last }]
        : this.#candidates(path, from, to);
    });
    return found.sort((a, b) => a.first - b.first);
  }

  #leavesUnder(prefix: Path): Path[] {
    const all = this.#steps.flatMap(({ leaves }) => leaves.map(({ path }) => path));
    const known = new Map(
      all.filter((path) => under(path, prefix)).map((path) => [path.join('.'), path]),
    );
    return [...known.values()];
  }

  /** Lines without weights join the block before or after them if fewer values then cross its border. */
  #extended(
    candidates: readonly { path: Path; first: number; last: number }[],
    from: number,
    to: number,
  ): { path: Path; start: number; end: number }[] {
    const extended: { path: Path; start: number; end: number }[] = [];
    candidates.forEach(({ path, first, last }) => {
      const end = this.#endAfter(first, last, to);
      let start = first;
      const floor = extended.at(-1)?.end ?? from;
      while (start > floor) {
        const step = this.#steps[start - 1]!;
        const private_ = this.#last(step.output) < end;
        if (step.leaves.length > 0 || step.inputs.length !== 1 || !private_) break;
        start--;
      }
      extended.push({ path, start, end });
    });
    return extended;
  }

  #endAfter(first: number, last: number, to: number): number {
    const own = new Set(this.#inputsOf(first, last + 1));
    const joins = (place: number) => {
      if (place >= to) return false;
      const { leaves, inputs } = this.#steps[place]!;
      const inside = (value: string) => this.#made(value) >= first;
      return (
        leaves.length === 0 &&
        inputs.some(inside) &&
        inputs.every((value) => inside(value) || own.has(value))
      );
    };
    let best = last + 1;
    for (let place = last + 1; joins(place); place++) {
      if (this.#live[place + 1]! < this.#live[best]!) best = place + 1;
    }
    while (
      joins(best) &&
      this.#steps[best]!.activation &&
      this.#live[best + 1]! <= this.#live[best]!
    )
      best++;
    return best;
  }

  /** Members of a list that are called one after another become one call. */
  #chained(path: Path, items: readonly Item[], from: number, to: number): readonly Item[] {
    const lists = new Map<string, Path>();
    for (let i = from; i < to; i++) {
      for (const leaf of this.#steps[i]!.leaves) {
        for (let depth = path.length + 1; depth < leaf.path.length; depth++) {
          if (isNumber(leaf.path[depth]!)) {
            const list = leaf.path.slice(0, depth);
            lists.set(list.join('.'), list);
          }
        }
      }
    }
    let merged = items;
    for (const list of [...lists.values()].sort((a, b) => b.length - a.length)) {
      merged = this.#mergeList(list, merged);
    }
    return merged;
  }

  #mergeList(list: Path, items: readonly Item[]): readonly Item[] {
    const keys = [...new Set(this.#leavesUnder(list).map((leaf) => leaf[list.length]!))];
    const length = keys.length;
    if (length < 2 || keys.some((key) => !isNumber(key) || Number(key) >= length)) return items;
    const calleeOf = (item: Item) => calledPath(item)?.join('.');
    const first = items.findIndex((item) => calleeOf(item) === [...list, '0'].join('.'));
    const members = items.slice(first, first + length);
    const chained =
      first >= 0 &&
      members.length === length &&
      members.every((item, i) => {
        const next = members.at(i + 1);
        const called = items.filter((other) => calleeOf(other) === calleeOf(item)).length;
        const alone = item.inputs.length === 1 && item.outputs.length === 1 && called === 1;
        if (calleeOf(item) !== [...list, String(i)].join('.') || !alone) return false;
        return (
          i === length - 1 ||
          (next !== undefined &&
            next.inputs[0] === item.outputs[0] &&
            this.#last(item.outputs[0]!) < next.to)
        );
      });
    if (!chained) return items;
    const [begin, end] = [members[0]!, members[length - 1]!];
    const chain: Item = {
      kind: 'chain',
      path: list,
      members,
      from: begin.from,
      to: end.to,
      inputs: begin.inputs,
      outputs: end.outputs,
    };
    return [...items.slice(0, first), chain, ...items.slice(first + length)];
  }
}

/** The module that an item calls if it is nothing but such a call, else null. */
export function calledPath(item: Item): Path | null {
  if (item.kind === 'block') return item.block.path;
  if (item.kind === 'chain') return item.path;
  return item.step.plainCall && item.step.leaves.length === 1 ? item.step.leaves[0]!.path : null;
}
