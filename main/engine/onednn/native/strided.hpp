// Loops over several tensors at once whose axes are laid out differently in memory.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace zico {

/** One axis: its size, and how far apart its values lie in each tensor (0: the same value again). */
template <int Tensors>
struct StridedAxis {
  int64_t size;
  std::array<int64_t, Tensors> strides;
};

/** Without axes of size 1, and with axes merged that are contiguous in every tensor; at least one remains. */
template <int Tensors>
std::vector<StridedAxis<Tensors>> joined(const std::vector<StridedAxis<Tensors>>& axes) {
  std::vector<StridedAxis<Tensors>> result;
  for (const auto& axis : axes) {
    if (axis.size == 1) continue;
    bool joins = !result.empty();
    for (int t = 0; joins && t < Tensors; t++) {
      joins = result.back().strides[t] == axis.strides[t] * axis.size;
    }
    if (joins) {
      result.back().size *= axis.size;
      result.back().strides = axis.strides;
    } else {
      result.push_back(axis);
    }
  }
  if (result.empty()) result.push_back({1, {}});
  return result;
}

/** Calls `row(offsets)` for every run along the last axis, in parallel. */
template <int Tensors, typename Row>
void forRows(const std::vector<StridedAxis<Tensors>>& axes, Row row) {
  int64_t rows = 1;
  for (size_t axis = 0; axis + 1 < axes.size(); axis++) rows *= axes[axis].size;
#pragma omp parallel for schedule(static)
  for (int64_t index = 0; index < rows; index++) {
    std::array<int64_t, Tensors> offsets{};
    int64_t rest = index;
    for (size_t axis = axes.size() - 1; axis-- > 0;) {
      const int64_t place = rest % axes[axis].size;
      rest /= axes[axis].size;
      for (int t = 0; t < Tensors; t++) offsets[t] += place * axes[axis].strides[t];
    }
    row(offsets);
  }
}

}  // namespace zico
