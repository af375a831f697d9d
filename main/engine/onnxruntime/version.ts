/** Versions of onnxruntime and of our models for it: part of the identity of every latency and score. */
import { env } from 'onnxruntime-common';
import { withNetworkRevision } from '../revision.ts';

/** The installed onnxruntime; its JavaScript and native parts go together. */
export const onnxruntimeVersion = env.versions.common;

/**
 * Revision of the models that scores are computed with. Raise it with every change after which some
 * network's gradients can come out with other bits: a run goes on only with the version it began with.
 * revision.json holds a digest of the sources that were last looked at so
 * (test/main/engine/onnxruntime/revision.test.ts).
 */
export const modelRevision = 3;

/** Who scored: "1.30.0+m3". */
export const scoringVersion = withNetworkRevision(`${onnxruntimeVersion}+m${modelRevision}`);
