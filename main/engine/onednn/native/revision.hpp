// Which kernels computed a score.
#pragma once

namespace zico {

/**
 * Revision of everything here and in the plans (lower.ts, simplify.ts, steps/) that decides the bits of a
 * score beside oneDNN. It is part of the engine's version, which is stored with every run and score: a run
 * goes on only with the version it began with. Raise it with every change after which some network's
 * gradients can come out with other bits: another order of summing up, another formula, another primitive,
 * another fusion. What only names, comments, moves, speeds up without reordering or adds operators keeps it.
 * revision.json holds a hash of the sources that were last looked at so (test/main/engine/onednn/revision.test.ts).
 */
constexpr int kRevision = 6;

/**
 * The same of what only float32-winograd computes: winograd.cpp, vector/winograd.cpp and whatever a plan does
 * for that precision alone. The versions of its scores name both.
 */
constexpr int kWinogradRevision = 3;

}  // namespace zico
