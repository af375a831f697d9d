import type { DescribedSpace } from '../space/described-space.ts';

/** Image sizes may have been given with the search; they do not make it a different space. */
export function sameNetworks(first: DescribedSpace, second: DescribedSpace): boolean {
  const networks = ({ description }: DescribedSpace) =>
    JSON.stringify([description.task, description.classes, description.network]);
  return networks(first) === networks(second);
}
