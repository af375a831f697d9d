// Inner loops that are compiled once for each instruction set (build.ts) and chosen when they first run.
//
// Their sources include nothing that defines functions for others: of two copies of an inline function
// the linker keeps either, and the one with AVX-512 in it would end older processors.
#pragma once
#include <cstdint>

namespace zico::vector {

/** Channels side by side in memory: `lanes` numbers at each of `places`, `stride` numbers apart. */
struct Run {
  int64_t places;
  int64_t stride;
  int64_t lanes;
};

/** What a batch normalisation's gradient reads of a run, and `lanes` numbers of each channel's own. */
struct Slopes {
  const float* numbers;
  const float* slopes;
  const float* means;
  /** Where a Relu masks: y is fma(number, alpha, beta), as it was computed; else null. */
  const float* alphas;
  const float* betas;
};

/** Own to each channel of a run. */
struct SlopeTerms {
  const float* shares;
  const float* tilts;
  const float* scales;
};

/** A row of a depthwise convolution's output and one row of its input. */
struct DepthwiseRow {
  const float* x;
  const float* dy;
  int64_t width, outputs;
  int64_t kernel, stride, pad, dilation;
};

/** Widest kernel that `depthwiseRow` takes. */
constexpr int64_t kWidestDepthwise = 7;

struct Kernels {
  /** Adds each channel's slopes to `first`, slopes times centred numbers to `second`. */
  void (*addSlopes)(const Run&, const Slopes&, double* first, double* second);
  /** (slope - share - (number - mean) * tilt) * scale; `out` may be where the slopes are. */
  void (*slopesOfNumbers)(const Run&, const Slopes&, const SlopeTerms&, float* out);
  /** Adds to `sums`, kernel x lanes, lanes 8 or 16, channels side by side. */
  void (*depthwiseRow)(const DepthwiseRow&, int64_t lanes, float* sums);
};

/** The fastest that this processor has. */
const Kernels& kernels();

}  // namespace zico::vector
