// Winograd's method for dense 3x3 convolutions of stride 1 (Lavin and Gray 2016, F(4x4, 3x3)): 36
// multiplications where the direct method takes 144. Compiled once for each instruction set (build.ts);
// like kernels.hpp, it includes nothing that defines functions for others.
//
// A tile of 4 x 4 results is made of 6 x 6 numbers: Y = A' ((G w G') * (B' x B)) A, where * goes point by
// point and is a product of matrices over channels and tiles at each of the 36 points. The weights'
// gradient is the same read backwards: G' (sum over tiles of (B' x B) * (A dY A')) G.
#pragma once
#include <cstdint>

namespace zico::vector {

/** Points of a transformed tile. */
constexpr int64_t kWinogradPoints = 36;
/** Results of a tile along each axis. */
constexpr int64_t kWinogradTile = 4;

/** A convolution of x (height x width) padded by `top` and `left`; what hangs over any edge counts as zero. */
struct WinogradShape {
  int64_t images, ins, outs;
  int64_t height, width;
  int64_t outHeight, outWidth;
  int64_t top, left;
  /** Channels that lie side by side in memory, 8 or 16. */
  int64_t inLanes, outLanes;
};

/** Tiles that are worked on together, from `first` on. */
struct WinogradTiles {
  int64_t first, count;
};

struct WinogradKernels {
  /** The most channels side by side that these kernels take at once. */
  int64_t lanes;
  /** Numbers of the transformed weights. */
  int64_t (*weightNumbers)(const WinogradShape&);
  /** Numbers that `forward` or `gradient` of so many tiles needs beside its arguments. */
  int64_t (*spaceNumbers)(const WinogradShape&, int64_t tiles);
  /**
   * Transforms the weights of `ins` channels from `from` on. They lie as outs x ins x 3 x 3; `turned`, as
   * ins x outs x 3 x 3 and are turned by half a circle, which is what an image's gradient takes.
   */
  void (*weights)(const WinogradShape&, const float* plain, bool turned, int64_t from, int64_t to,
                  float* transformed);
  /** `bias`: one for each channel with those that pad the last block, or null. */
  void (*forward)(const WinogradShape&, const float* x, const float* transformed, const float* bias,
                  WinogradTiles, float* space, float* y);
  /** Adds to `sums`, as many numbers as the transformed weights have. */
  void (*gradient)(const WinogradShape&, const float* x, const float* dy, WinogradTiles, float* space,
                   float* sums);
  /** From sums of `ins` channels from `from` on to the weights' gradient, 3 x 3 x ins x outs. */
  void (*gradientWeights)(const WinogradShape&, const float* sums, int64_t from, int64_t to,
                          float* dw);
};

/** Those of this processor; null where it has no vectors, and there is nothing to gain. */
const WinogradKernels* winogradKernels();

}  // namespace zico::vector
