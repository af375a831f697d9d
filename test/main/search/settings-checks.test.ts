import { describe, expect, it } from 'vitest';
import {
  assertBudget,
  assertSameSettings,
  budgetRaised,
  largerBudget,
} from '../../../main/search/settings-checks.ts';
import { toySettings } from '../../support/toy-search.ts';

describe('settings of a resumed run', () => {
  it('may repeat what the run says, or say nothing', () => {
    assertSameSettings(toySettings, toySettings);
    assertSameSettings(toySettings, {});
    assertSameSettings(toySettings, { seed: 11, beta: 2 });
  });

  it('name every option that contradicts, with both values', () => {
    const contradicting = (): void =>
      assertSameSettings(toySettings, { seed: 12, latency: 'host', termCap: 30, beta: 2 });
    expect(contradicting).toThrow(
      expect.objectContaining({
        code: 'settings-contradict',
        message:
          'The run was made with other settings: seed is 11 in the run and 12 here; ' +
          'latency is "macs" in the run and "host" here; termCap is not set in the run and 30 here.',
      }),
    );
  });
});

describe('budgets', () => {
  it('that are lowered are refused with what can be done', () => {
    const stored = { ...toySettings, candidates: 40 };
    const hint = expect.stringMatching(/can be raised .* and not lowered/) as string;
    expect(() => assertSameSettings(stored, { candidates: 30 })).toThrow(
      expect.objectContaining({ code: 'settings-contradict', hint }),
    );
  });

  it('may be raised, never lowered, and only where there was one', () => {
    const stored = { ...toySettings, generations: 5, candidates: 40, seconds: null };
    const given = { generations: 9, candidates: 30, seconds: 60, seed: 3 };
    expect(largerBudget(stored, given)).toEqual({ generations: 9 });
    expect(largerBudget(stored, {})).toEqual({});
    expect(budgetRaised(stored, { generations: 9 }).examples).toEqual(['generations from 5 to 9']);
  });

  it('are needed: at least one', () => {
    assertBudget(toySettings);
    assertBudget({ ...toySettings, generations: null, seconds: 1 });
    expect(() => assertBudget({ ...toySettings, generations: null })).toThrow(
      expect.objectContaining({ code: 'no-budget' }),
    );
  });
});
