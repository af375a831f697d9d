/** What a search reports about its farm: each change once. */
import type { FarmNews } from '../common/farm.ts';

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
    for (const { worker, why } of news.unfit) {
      if (unfit.get(worker) === why) continue;
      unfit.set(worker, why);
      say(`farm: ${worker} gets nothing: ${why}`);
    }
  };
}
