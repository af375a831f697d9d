/**
 * x * sigmoid(x), as exporters and the graph write it, with its gradient: one step forwards and one backwards
 * instead of eight, both of which read only x. Behind a normalisation these become part of it, as a Relu does,
 * and x is never written.
 */
import type { NamedStep } from './plan.ts';
import type { Known } from '../../common/known.ts';

/** The steps that one swish consists of; its gradient only where something needs it. */
interface Swish {
  readonly x: string;
  readonly forward: NamedStep;
  readonly backward: NamedStep;
  readonly gradient: string;
  readonly parts: readonly NamedStep[];
}

/** Steps by the values they use: once for each place where they use it. */
export function usersOf(steps: readonly NamedStep[]): Map<string, NamedStep[]> {
  const users = new Map<string, NamedStep[]>();
  for (const step of steps) {
    for (const name of step.inputs) {
      const known = users.get(name);
      if (known) known.push(step);
      else users.set(name, [step]);
    }
  }
  return users;
}

const product = ({ op, inputs }: NamedStep, a: string, b: string): boolean =>
  op === 'multiply' && inputs.includes(a) && inputs.includes(b) && a !== b;

const other = ({ inputs }: NamedStep, one: string): string =>
  inputs[0] === one ? inputs[1]! : inputs[0]!;

/** @param wanted values that must be computed: none of them may vanish */
export function withSwish(
  steps: readonly NamedStep[],
  wanted: ReadonlySet<string>,
): readonly NamedStep[] {
  const users = usersOf(steps);
  /** The only step that uses a value which nothing else wants. */
  const onlyUser = (value: string): NamedStep | null => {
    const all = users.get(value) ?? [];
    return all.length === 1 && !wanted.has(value) ? all[0]! : null;
  };
  const replaced = new Map<NamedStep, NamedStep | null>();
  for (const step of steps) {
    if (step.op !== 'sigmoid' || wanted.has(step.outputs[0]!)) continue;
    const found = swishOf(step, users, onlyUser);
    if (!found) continue;
    const { x, forward, backward, gradient, parts } = found;
    for (const part of parts) replaced.set(part, null);
    replaced.set(forward, { ...forward, op: 'swish', inputs: [x] });
    replaced.set(backward, { ...backward, op: 'swish-gradient', inputs: [gradient, x] });
  }
  return withReplaced(steps, replaced);
}

/** g s + g x (s (1 - s)), with s the sigmoid: how the graph differentiates a product and a sigmoid. */
function swishOf(
  sigmoid: NamedStep,
  users: ReadonlyMap<string, readonly NamedStep[]>,
  onlyUser: (value: string) => NamedStep | null,
): Swish | null {
  const x = sigmoid.inputs[0]!;
  const s = sigmoid.outputs[0]!;
  const all = users.get(s) ?? [];
  const forward = all.find((step) => product(step, x, s));
  const rest = all.find(({ op, floats }) => op === 'affine' && floats?.join() === '-1,1');
  if (all.length !== 4 || !forward || !rest || !onlyUser(rest.outputs[0]!)) return null;
  const slope = onlyUser(rest.outputs[0]!);
  const straight = all.find((step) => ![forward, rest, slope].includes(step));
  if (!slope || !product(slope, s, rest.outputs[0]!) || straight?.op !== 'multiply') return null;
  const gradient = other(straight, s);
  const bent = onlyUser(slope.outputs[0]!);
  if (bent?.op !== 'multiply') return null;
  const weighted = (users.get(x) ?? []).find(
    (step) => product(step, gradient, x) && step.outputs[0] === other(bent, slope.outputs[0]!),
  );
  const backward = onlyUser(straight.outputs[0]!);
  if (!weighted || onlyUser(weighted.outputs[0]!) !== bent || backward?.op !== 'sum') return null;
  const whole = backward.inputs.length === 2 && onlyUser(bent.outputs[0]!) === backward;
  const parts = [sigmoid, straight, weighted, rest, slope, bent];
  return whole ? { x, forward, backward, gradient, parts } : null;
}

/** Where a normalisation feeds one swish alone, and the swish's gradient goes back into it alone. */
export function withFusedSwish(steps: readonly NamedStep[]): readonly NamedStep[] {
  const users = usersOf(steps);
  const replaced = new Map<NamedStep, NamedStep | null>();
  for (const forward of steps) {
    // One that already contains a Relu would lose it.
    if (forward.op !== 'batch-normalization' || forward.ints?.[0]) continue;
    const [y, mean, deviation] = forward.outputs as Known<string>;
    const using = users.get(y) ?? [];
    const swish = using.find(({ op }) => op === 'swish');
    const gradient = using.find(({ op, inputs }) => op === 'swish-gradient' && inputs[1] === y);
    if (using.length !== 2 || !swish || !gradient) continue;
    const dY = gradient.outputs[0]!;
    const [backward, ...others] = (users.get(dY) ?? []) as Known<NamedStep>;
    if (others.length > 0 || backward?.op !== 'batch-normalization-gradient') continue;
    if (backward.inputs[2] !== mean || backward.inputs[0] !== dY) continue;
    replaced.set(forward, { ...forward, outputs: [swish.outputs[0]!, mean, deviation], ints: [2] });
    replaced.set(swish, null);
    replaced.set(gradient, null);
    const inputs = [gradient.inputs[0]!, ...backward.inputs.slice(1)];
    replaced.set(backward, { ...backward, inputs, ints: [2] });
  }
  return withReplaced(steps, replaced);
}

function withReplaced(
  steps: readonly NamedStep[],
  replaced: ReadonlyMap<NamedStep, NamedStep | null>,
): readonly NamedStep[] {
  return steps.flatMap((step) => {
    const instead = replaced.get(step);
    return instead === undefined ? [step] : instead === null ? [] : [instead];
  });
}
