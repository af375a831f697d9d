// Compiled once for each instruction set; ZICO_KERNELS is the name of this set's table.
#include "kernels.hpp"

#include "blocks.hpp"
#include "normalise.hpp"
#include "sigmoid.hpp"
#include "slopes.hpp"
#include "sums.hpp"
#include "uniform.hpp"

namespace zico::vector {

namespace {
void sigmoid(const float* x, float* out, int64_t count) {
  overNumbers(x, x, out, count, [](WideFloats a, WideFloats) { return sigmoidOf(a); });
}

void swish(const float* x, float* out, int64_t count) {
  overNumbers(x, x, out, count, [](WideFloats a, WideFloats) { return swishOf(a); });
}

void swishGradient(const float* gradient, const float* x, float* out, int64_t count) {
  overNumbers(gradient, x, out, count,
              [](WideFloats g, WideFloats a) { return g * swishSlope(a); });
}

/** Output places whose window crosses an edge one by one, the rest with every sum in a register. */
template <int Kernel, int Lanes>
void depthwiseRowOf(const DepthwiseRow& row, float* sums) {
  typedef float Vector __attribute__((vector_size(Lanes * sizeof(float)), aligned(4), may_alias));
  const auto at = [](const float* p) -> const Vector& {
    return *reinterpret_cast<const Vector*>(p);
  };
  const int64_t reach = (Kernel - 1) * row.dilation;
  const int64_t step = row.dilation * Lanes;
  Vector own[Kernel];
  for (int k = 0; k < Kernel; k++) own[k] = at(sums + k * Lanes);
  for (int64_t place = 0; place < row.outputs; place++) {
    const int64_t left = place * row.stride - row.pad;
    const Vector slope = at(row.dy + place * Lanes);
    const float* x = row.x + left * Lanes;
    if (left >= 0 && left + reach < row.width) {
#pragma GCC unroll 7
      for (int k = 0; k < Kernel; k++) own[k] += slope * at(x + k * step);
    } else {
#pragma GCC unroll 7
      for (int k = 0; k < Kernel; k++) {
        const int64_t column = left + k * row.dilation;
        if (column >= 0 && column < row.width) own[k] += slope * at(x + k * step);
      }
    }
  }
  for (int k = 0; k < Kernel; k++) *reinterpret_cast<Vector*>(sums + k * Lanes) = own[k];
}

template <int Lanes>
void depthwiseRowOfLanes(const DepthwiseRow& row, float* sums) {
  switch (row.kernel) {
    case 1: return depthwiseRowOf<1, Lanes>(row, sums);
    case 2: return depthwiseRowOf<2, Lanes>(row, sums);
    case 3: return depthwiseRowOf<3, Lanes>(row, sums);
    case 4: return depthwiseRowOf<4, Lanes>(row, sums);
    case 5: return depthwiseRowOf<5, Lanes>(row, sums);
    case 6: return depthwiseRowOf<6, Lanes>(row, sums);
    case 7: return depthwiseRowOf<7, Lanes>(row, sums);
  }
}

void depthwiseRow(const DepthwiseRow& row, int64_t lanes, float* sums) {
  if (lanes == 16) return depthwiseRowOfLanes<16>(row, sums);
  depthwiseRowOfLanes<8>(row, sums);
}
}  // namespace

extern const Kernels ZICO_KERNELS;
const Kernels ZICO_KERNELS{addNumbers, addSquares,      addMoments,    normalise,
                           addSlopes,  slopesOfNumbers, depthwiseRow,  sigmoid,
                           swish,      swishGradient,   squares,       pairSums,
                           batchSums,  drawLanes,       outputsInside, inputsInside};

}  // namespace zico::vector
