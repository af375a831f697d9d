// Initial weights, drawn to the bit as main/graph/weights.ts draws them.
#pragma once
#include <cstdint>

namespace zico {

/** Numbers of a uniform distribution over [-bound, bound). */
struct UniformDraw {
  uint32_t generatorSeed;
  double bound;

  void into(float* out, int64_t count) const;
};

}  // namespace zico
