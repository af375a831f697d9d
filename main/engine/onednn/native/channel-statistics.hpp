// Mean and variance of every channel of a batch.
#pragma once
#include "program.hpp"

namespace zico {

struct ChannelStatistics {
  /** Channels side by side in memory; 0 for a layout that this does not know. */
  int64_t block;
  int64_t images = 0, channels = 0, blocks = 0, places = 1;

  explicit ChannelStatistics(const Desc& desc);
  size_t scratchBytes() const;
  /** @param parts scratch memory; the result does not depend on the number of threads */
  void compute(const float* x, double* parts, float* mean, float* variance) const;

 private:
  template <int Block>
  void fixed(const float* numbers, double* sums, double* squares) const;
};

}  // namespace zico
