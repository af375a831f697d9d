/** Which networks and formulas, apart from any engine, a score was computed with. */

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
