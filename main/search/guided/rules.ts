/**
 * Rules of proposing, by the revision that a run stores: which networks a guide looks at, and after how many
 * results it fits hyperparameters. A run goes on by the rule with which it began.
 */
import { generatorFor } from '../../random.ts';
import type { Genotype, Space } from '../../space/space.ts';

export interface Rule {
  /** The number of results of the fit after the one to so many; of the first one after 0. */
  nextFit(after: number): number;
  /** Random networks that are looked at after a fit. @param fit its number, from 1 on */
  pool(space: Space, seed: number, fit: ModelFit): Generator<Genotype, void>;
  /**
   * Values as models take them: a few that lie far below all others would have the model learn little else, while
   * nothing depends on how bad a network is that is on no front.
   */
  bounded(values: readonly (number | null)[]): readonly (number | null)[];
  /** Whether the error of a measured latency is noise that the model of latencies knows of. */
  readonly knowsErrors: boolean;
  /** What a network's neighbours are drawn by. */
  neighbourhood(fit: ModelFit): number;
}

export interface ModelFit {
  /** From 1 on. */
  readonly number: number;
  readonly results: number;
}

const firstFit = 4;
const poolSize = 1_500;
/** Networks that make room for others at each fit: their sizes need not be counted, nor are they read again. */
const exchanged = 150;

/** Ranges between the quartiles, below the lower one: of a normal distribution hardly anything lies there. */
const farBelow = 2;

// Fits grow rarer sooner, and only a tenth of the pool is drawn anew for each.
const second: Rule = {
  nextFit: (after) =>
    after === 0 ? firstFit : after + Math.min(Math.max(1, Math.floor(after / 6)), 25),
  *pool(space, seed, { number }) {
    for (let part = 0; part < poolSize / exchanged; part++) {
      const random = generatorFor(seed, 'pool part', number + part);
      for (let i = 0; i < exchanged; i++) yield space.sample(random);
    }
  },
  bounded(values) {
    const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
    const [lower, upper] = [sorted[sorted.length >> 2], sorted[(3 * sorted.length) >> 2]];
    if (lower === undefined || upper === undefined) return values;
    const least = lower - farBelow * (upper - lower);
    return values.map((value) => (value === null ? null : Math.max(value, least)));
  },
  knowsErrors: false,
  neighbourhood: ({ number }) => number >> 2,
};

const rules: Readonly<Record<number, Rule>> = {
  1: {
    nextFit: (after) =>
      after === 0 ? firstFit : after + Math.min(Math.max(1, Math.floor(after / 10)), 25),
    *pool(space, seed, { results }) {
      const random = generatorFor(seed, 'pool', results);
      for (let i = 0; i < poolSize; i++) yield space.sample(random);
    },
    bounded: (values) => values,
    knowsErrors: false,
    neighbourhood: ({ results }) => results,
  },
  2: second,
  3: { ...second, knowsErrors: true },
};

/** @param revision as a run stores it; its schema knows no other */
export function ruleOf(revision: number): Rule {
  const rule = rules[revision];
  if (rule === undefined) throw new RangeError(`there is no rule of proposing ${revision}`);
  return rule;
}
