/** What a search reports about its farm: each change once. */
import type { FarmNews } from '../common/farm.ts';
import { getNothingText, unfitByReason } from '../common/farm-reasons.ts';

export function farmNewsInLines(say: (line: string) => void): (news: FarmNews) => void {
  let places = -1;
  let trouble: string | null = null;
  const unfit = new Map<string, string>();
  return (news) => {
    if (news.trouble !== null) {
      if (trouble === null) say(`farm: ${news.trouble} The search waits for it.`);
      trouble = news.trouble;
      return;
    }
    if (trouble !== null) say('farm: it answers again');
    trouble = null;
    if (news.places !== places) {
      const { workers } = news;
      say(`farm: ${workers} ${workers === 1 ? 'worker' : 'workers'} with ${news.places} places`);
    }
    places = news.places;
    const changed = news.unfit.filter(({ worker, why }) => unfit.get(worker) !== why);
    for (const { worker, why } of changed) unfit.set(worker, why);
    for (const { why, workers } of unfitByReason(changed))
      say(`farm: ${getNothingText(workers)}: ${why}`);
  };
}
