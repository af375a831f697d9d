import { describe, expect, it } from 'vitest';
import { assertBudget, assertSameSettings } from '../../../main/search/settings-checks.ts';
import { toySettings } from '../../support/toy-search.ts';

describe('settings of a resumed run', () => {
  it('may repeat what the run says, or say nothing', () => {
    assertSameSettings(toySettings, toySettings);
    assertSameSettings(toySettings, {});
    assertSameSettings(toySettings, { seed: 11, beta: 1 });
  });

  it('name every option that contradicts, with both values', () => {
    const contradicting = (): void =>
      assertSameSettings(toySettings, { seed: 12, latency: 'host', termCap: 30, beta: 1 });
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
  it('are needed: at least one', () => {
    assertBudget(toySettings);
    assertBudget({ ...toySettings, generations: null, seconds: 1 });
    expect(() => assertBudget({ ...toySettings, generations: null })).toThrow(
      expect.objectContaining({ code: 'no-budget' }),
    );
  });
});
