import { describe, expect, it } from 'vitest';
import {
  leastNetworks,
  opinionInWords,
  secondOpinions,
} from '../../../main/common/second-opinion.ts';

const scores = Array.from({ length: 20 }, (_, i) => i);

describe('a second opinion', () => {
  it('is strong where the ranks among all that was scored lie far apart, and only there', () => {
    const near = scores.map((i) => (i === 19 ? -1 : i));
    const opinions = secondOpinions(scores, near)!;
    expect(opinions[19]).toEqual({ score: 1, near: 0, strong: true });
    expect(opinions.slice(0, 19).every(({ strong }) => !strong)).toBe(true);
  });

  it('ranks a network last that NEAR says nothing of', () => {
    const opinions = secondOpinions(
      scores,
      scores.map((i) => (i === 19 ? null : -i)),
    )!;
    expect(opinions[19]!.near).toBe(0);
  });

  it('is none among few networks, and where NEAR says nothing of any', () => {
    const few = scores.slice(0, leastNetworks - 1);
    expect(secondOpinions(few, few)).toBeNull();
    expect(
      secondOpinions(
        scores,
        scores.map(() => null),
      ),
    ).toBeNull();
  });

  it('says what is known of the space, and that nothing is of any other', () => {
    const opinion = { score: 0.95, near: 0.2, strong: true };
    expect(opinionInWords(opinion, 40, 'nas-bench-201')).toBe(
      'ZiCo-BC places it above 95 % of the 40 networks scored, NEAR above 20 %: where the two disagree so far, ZiCo-BC was wrong more often than right.',
    );
    expect(opinionInWords(opinion, 40, 'nats-sss')).toContain('hardly more often than right');
    expect(opinionInWords(opinion, 40, 'ffnet')).toContain('nobody has measured');
  });
});
