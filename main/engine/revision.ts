/** Which networks and formulas, apart from any engine, a score was computed with. */
import type { BatchSet } from '../task/batches.ts';
import type { SharedAnchor } from '../task/detection/assign.ts';

/**
 * Revision of what decides bits of a score before and behind the engines: which network a genotype is, its
 * initial weights, losses and gradients, the batches, the sums that become ZiCo. Raise it with every change
 * after which some score can come out with other bits: a run goes on only with the version it began with.
 * revision.json holds a digest of the sources that were last looked at so (test/main/engine/revision.test.ts).
 */
export const networkRevision: number = 1;

/** As identities name an engine's version; the first revision, which version 0.1 had, is not named. */
export function withNetworkRevision(version: string, revision = networkRevision): string {
  return revision === 1 ? version : `${version}.n${revision}`;
}

/**
 * Detection's own revision, so that runs of other tasks keep their version: 2 gives an anchor that is the best of
 * several boxes to the first of them, 1 (version 0.1, not named) to the last. Runs go on with the one they began with.
 */
export const detectionRevision: number = 2;
const detectionMark = `.d${detectionRevision}`;

/** An engine's version as scores of these batches and their runs name it: "1.30.0+m3.d2" for detection. */
export function versionFor(version: string, batches: WhatIsScored): string {
  const named = batches.task === 'detection' && batches.sharedAnchor !== 'last';
  return named ? `${version}${detectionMark}` : version;
}

type WhatIsScored = Pick<BatchSet, 'task'> & { readonly sharedAnchor?: SharedAnchor };

/** The engine's part of a version that scores name. */
export function engineVersionOf(named: string): string {
  return named.endsWith(detectionMark) ? named.slice(0, -detectionMark.length) : named;
}

/**
 * Batches as they were scored by this version before.
 * @param named as scores name it; null for runs that are older than such names
 */
export function asScoredBy<Set extends BatchSet>(named: string | null, batches: Set): Set {
  if (batches.task !== 'detection' || named?.endsWith(detectionMark)) return batches;
  return { ...batches, sharedAnchor: 'last' };
}
