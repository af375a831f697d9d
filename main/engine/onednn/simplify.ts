/**
 * Makes a plan shorter without changing what it computes: a Relu is computed once, gradients of one Relu are
 * added up before they are masked, x * sigmoid(x) and its gradient become one step each, and a Relu or swish
 * behind a normalisation becomes part of it.
 */
import type { NamedStep } from './plan.ts';
import { usersOf, withFusedSwish, withSwish } from './swish.ts';
import type { Known } from '../../common/known.ts';

/** @param wanted values that must be computed; the loss always is */
export function simplified(
  steps: readonly NamedStep[],
  wanted: readonly string[],
): readonly NamedStep[] {
  const needed = new Set(wanted);
  const once = withSwish(withoutRepeatedRelu(steps), needed);
  const merged = withMergedSums(once, needed);
  return weightsFirst(withoutUnused(withFusedSwish(withFusedRelu(merged)), wanted));
}

function withoutRepeatedRelu(steps: readonly NamedStep[]): NamedStep[] {
  const relus = new Map<string, string>();
  const renamed = new Map<string, string>();
  return steps.flatMap((step) => {
    const inputs = step.inputs.map((name) => renamed.get(name) ?? name);
    if (step.op === 'relu') {
      const known = relus.get(inputs[0]!);
      if (known !== undefined) {
        renamed.set(step.outputs[0]!, known);
        return [];
      }
      relus.set(inputs[0]!, step.outputs[0]!);
    }
    return [{ ...step, inputs }];
  });
}

function useCounts(steps: readonly NamedStep[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { inputs } of steps) {
    for (const name of inputs) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}

/** Sums of sums become one sum; a sum of gradients masked by one Relu becomes one masked sum. */
function withMergedSums(steps: readonly NamedStep[], wanted: ReadonlySet<string>): NamedStep[] {
  const uses = useCounts(steps);
  const makers = new Map<string, NamedStep>();
  const gone = new Set<string>();
  const merged = steps.map((step) => {
    const result = step.op === 'sum' ? mergedSum(step, inner) : step;
    for (const output of result.outputs) makers.set(output, result);
    return result;
  });
  /** The step that makes a value, where no other step needs that value. */
  function inner(value: string): NamedStep | null {
    return uses.get(value) === 1 && !wanted.has(value) ? (makers.get(value) ?? null) : null;
  }
  function mergedSum(step: NamedStep, makerOf: (value: string) => NamedStep | null): NamedStep {
    const terms = step.inputs.map(makerOf);
    const [first] = terms;
    const masked = terms.every(
      (term) => term?.op === 'masked-sum' && term.inputs[0] === first?.inputs[0],
    );
    const parts = step.inputs.map((value, index) => {
      const term = terms[index];
      if (masked) return term?.inputs.slice(1) ?? [];
      return term?.op === 'sum' ? term.inputs : [value];
    });
    const inputs = parts.flat();
    // The add-on sums up in place, which would change a value that appears twice.
    if (new Set(inputs).size !== inputs.length) return step;
    step.inputs.forEach((value, index) => {
      if (masked || terms[index]?.op === 'sum') gone.add(value);
    });
    return masked && first
      ? { ...step, op: 'masked-sum', inputs: [first.inputs[0]!, ...inputs] }
      : { ...step, inputs };
  }
  return merged.filter(({ outputs }) => !gone.has(outputs[0]!));
}

/** Where a normalisation feeds one Relu alone, and the Relu's gradient goes back into it alone. */
function withFusedRelu(steps: readonly NamedStep[]): NamedStep[] {
  const users = usersOf(steps);
  /** The only step that uses a value, where it is this one. */
  const only = (op: string, value: string, place: number): NamedStep | null => {
    const [first, ...others] = (users.get(value) ?? []) as Known<NamedStep>;
    const fits = others.length === 0 && first?.op === op && first.inputs[place] === value;
    return fits ? first : null;
  };
  const replaced = new Map<NamedStep, NamedStep | null>();
  for (const forward of steps) {
    if (forward.op !== 'batch-normalization') continue;
    const [y, mean, deviation] = forward.outputs as Known<string>;
    const relu = only('relu', y, 0);
    if (!relu) continue;
    const output = relu.outputs[0]!;
    const gradients = (users.get(output) ?? []).filter(
      ({ op, inputs }) => op === 'masked-sum' && inputs[0] === output,
    );
    if (gradients.length !== 1) continue;
    const gradient = gradients[0]!;
    const backward = only('batch-normalization-gradient', gradient.outputs[0]!, 0);
    if (backward?.inputs[2] !== mean) continue;
    replaced.set(forward, { ...forward, outputs: [output, mean, deviation], ints: [1] });
    replaced.set(relu, null);
    const terms = gradient.inputs.slice(1);
    replaced.set(gradient, terms.length > 1 ? { ...gradient, op: 'sum', inputs: terms } : null);
    const dY = terms.length > 1 ? gradient.outputs[0] : terms[0];
    // The mask is computed again from the normalisation's own input.
    const inputs = [dY!, ...backward.inputs.slice(1)];
    replaced.set(backward, { ...backward, inputs, ints: [1] });
  }
  return steps.flatMap((step) => {
    const other = replaced.get(step);
    return other === undefined ? [step] : other === null ? [] : [other];
  });
}

/** They report their loss, whether or not anything needs what they compute beside it. */
const losses = new Set(['cross-entropy', 'detection-loss', 'scalar-loss']);

/** Drops what nothing wanted depends on, such as the gradient of the image. */
function withoutUnused(steps: readonly NamedStep[], wanted: readonly string[]): NamedStep[] {
  const needed = new Set(wanted);
  const kept: NamedStep[] = [];
  for (const step of [...steps].reverse()) {
    if (!losses.has(step.op) && !step.outputs.some((name) => needed.has(name))) continue;
    for (const name of step.inputs) needed.add(name);
    kept.push(step);
  }
  return kept.reverse();
}

/** The weights' gradient before the image's: the image can be freed before its gradient is made. */
function weightsFirst(steps: readonly NamedStep[]): NamedStep[] {
  const ordered = [...steps];
  for (let i = 0; i + 1 < ordered.length; i++) {
    const [a, b] = [ordered[i]!, ordered[i + 1]!];
    if (a.op === 'conv-input-gradient' && b.op === 'conv-weight-gradient') {
      [ordered[i], ordered[i + 1]] = [b, a];
      i += 1;
    }
  }
  return ordered;
}
