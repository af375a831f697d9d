#include "weight-blocks.hpp"

#include "vector/kernels.hpp"

namespace zico {

std::optional<WeightBlocks> WeightBlocks::of(const Desc& layout, bool turned) {
  const auto& all = layout.data;
  const auto& blocking = all.format_desc.blocking;
  const int axes = all.ndims;
  if (axes < 4 || all.data_type != dnnl_f32 || all.format_kind != dnnl_blocked) return {};
  // As the layout has them: weights of its convolution, from `in` to `out`.
  const int out = axes - 4, in = axes - 3;
  const int64_t block = blocking.inner_blks[0];
  if (blocking.inner_nblks != 2 || blocking.inner_blks[1] != block) return {};
  const auto* order = blocking.inner_idxs;
  const bool outInside = order[0] == in && order[1] == out;
  if (!outInside && !(order[0] == out && order[1] == in)) return {};
  if (block % 8 != 0 || all.dims[out] % block != 0 || all.dims[in] % block != 0) return {};
  const int64_t each = block * block, width = all.dims[axes - 1];
  if (width > 1 && blocking.strides[axes - 1] != each) return {};
  if (all.dims[axes - 2] > 1 && blocking.strides[axes - 2] != each * width) return {};
  WeightBlocks found;
  found.groups_ = axes == 5 ? all.dims[0] : 1;
  found.groupStride_ = axes == 5 ? blocking.strides[0] : 0;
  found.outs_ = all.dims[turned ? in : out];
  found.ins_ = all.dims[turned ? out : in];
  found.outStride_ = blocking.strides[turned ? in : out];
  found.inStride_ = blocking.strides[turned ? out : in];
  found.places_ = all.dims[axes - 2] * width;
  found.block_ = block;
  found.outputsInside_ = outInside != turned;
  found.turned_ = turned;
  return vector::kernels().outputsInside ? std::optional(found) : std::nullopt;
}

void WeightBlocks::operator()(const float* numbers, float* out) const {
  const auto kernel =
      outputsInside_ ? vector::kernels().outputsInside : vector::kernels().inputsInside;
  const int64_t row = ins_ * places_, each = block_ * block_;
  const int64_t rows = outs_ / block_;
  // Turned by half a circle, the last place of a kernel comes first.
  float* first = turned_ ? out + (places_ - 1) * each : out;
#pragma omp parallel for schedule(static)
  for (int64_t task = 0; task < groups_ * rows; task++) {
    const int64_t group = task / rows, outs = task % rows;
    const float* from = numbers + task * block_ * row;
    float* to = first + group * groupStride_ + outs * outStride_;
    for (int64_t ins = 0; ins < ins_ / block_; ins++) {
      kernel({from + ins * block_ * places_, row, places_, block_, turned_ ? -each : each},
             to + ins * inStride_);
    }
  }
}

}  // namespace zico
