// Inner loops that are compiled once for each instruction set (build.ts) and chosen when they first run.
//
// Their sources include nothing that defines functions with external linkage: of two copies of an inline
// function the linker keeps either one, and the copy with AVX-512 in it would crash on older processors.
#pragma once
#include <cstdint>

namespace zico::vector {

/** Channels side by side in memory: `lanes` numbers at each of `places`, `stride` numbers apart. */
struct Run {
  int64_t places;
  int64_t stride;
  int64_t lanes;
  /** Distance from the end of this run to the start of the one that is read next, in places. */
  int64_t skip;
};

/** The function behind a batch normalisation that is computed with it. */
enum class Behind { nothing, relu, swish };

/** What a batch normalisation's gradient reads of a run, and `lanes` numbers of each channel's own. */
struct Slopes {
  const float* numbers;
  const float* slopes;
  const float* means;
  /** For the slope of the function behind: y is fma(number, alpha, beta), as it was computed. */
  const float* alphas;
  const float* betas;
  Behind behind;
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

/** How many generators `drawLanes` takes side by side. */
constexpr int64_t kDrawnLanes = 8;

/** Weights of as many outputs as inputs: `block`, 8 or 16. */
struct WeightBlock {
  /** Row-major: each input's places of the kernel side by side, then the inputs. */
  const float* numbers;
  /** Distance from one output to the next. */
  int64_t stride;
  int64_t places;
  int64_t block;
  /** Where they are brought to: distance from one place of the kernel to the next. */
  int64_t step;
};

struct Kernels {
  /** Adds each channel's numbers to `sums`. */
  void (*addNumbers)(const Run&, const float* numbers, double* sums);
  /** Adds the squares of each channel's centred numbers to `sums`. */
  void (*addSquares)(const Run&, const float* numbers, const float* means, double* sums);
  /** Both at once, not centred: numbers to `sums`, squares to `squares`, all in double precision. */
  void (*addMoments)(const Run&, const float* numbers, double* sums, double* squares);
  /** fma(number, alpha, beta), and the function behind it. */
  void (*normalise)(const Run&, const float* numbers, const float* alphas, const float* betas,
                    Behind, float* out);
  /**
   * Adds each channel's slopes to `first`, slopes times centred numbers to `second`. With a swish behind,
   * it writes the slopes before it to `kept`, which may be where the slopes are.
   */
  void (*addSlopes)(const Run&, const Slopes&, double* first, double* second, float* kept);
  /**
   * (slope - share - (number - mean) * tilt) * scale; `out` may be where the slopes are. With a swish
   * behind, the slopes are those before it, as `addSlopes` kept them.
   */
  void (*slopesOfNumbers)(const Run&, const Slopes&, const SlopeTerms&, float* out);
  /** Adds to `sums`, kernel x lanes, lanes 8 or 16, channels side by side. */
  void (*depthwiseRow)(const DepthwiseRow&, int64_t lanes, float* sums);
  /** `out` may be where the numbers are. */
  void (*sigmoid)(const float* x, float* out, int64_t count);
  /** x * sigmoid(x) */
  void (*swish)(const float* x, float* out, int64_t count);
  /** gradient of x from that of its swish; `out` may be where either is. */
  void (*swishGradient)(const float* gradient, const float* x, float* out, int64_t count);
  /** In double precision, in the same order with every set of instructions. */
  double (*squares)(const float* numbers, int64_t count);
  /** ZiCo's terms of two batches: their sum, and their sum with each at most `cap`. */
  void (*pairSums)(const float* a, const float* b, int64_t count, double cap, double* sums);
  /** The same of any number of batches, of numbers from `start` on, added up one after the other. */
  void (*batchSums)(const float* const* batches, int64_t size, int64_t start, int64_t count, double cap,
                    double* sums);
  /**
   * Numbers in [-bound, bound) of eight generators (xoroshiro.hpp) by their states: `each` of the first, behind them as
   * many of the second, and so on. Null where one generator is as fast.
   */
  void (*drawLanes)(const uint64_t* as, const uint64_t* bs, double bound, float* out, int64_t each);
  /** At each place of the kernel, inputs one after the other, outputs side by side. Null as above. */
  void (*outputsInside)(const WeightBlock&, float* out);
  /** At each place of the kernel, outputs one after the other, inputs side by side. Null as above. */
  void (*inputsInside)(const WeightBlock&, float* out);
};

/** The fastest that this processor has. */
const Kernels& kernels();

}  // namespace zico::vector
