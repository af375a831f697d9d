// A convolution's weights in the layouts that oneDNN asks for most: square blocks of inputs and outputs.
#pragma once
#include <optional>

#include "program.hpp"

namespace zico {

/** How such a layout is written: by transpositions in registers, which oneDNN's own reorders do without. */
class WeightBlocks {
 public:
  /**
   * None for any other layout, for channels that do not fill their blocks, and where there is no kernel for it.
   * @param turned the layout is one of weights turned by half a circle, inputs and outputs exchanged
   */
  static std::optional<WeightBlocks> of(const Desc& layout, bool turned);

  /** @param numbers row-major, and not turned */
  void operator()(const float* numbers, float* out) const;

 private:
  WeightBlocks() = default;
  int64_t groups_, outs_, ins_, places_, block_;
  /** Distances in the layout from one group, block of outputs or block of inputs to the next. */
  int64_t groupStride_, outStride_, inStride_;
  bool outputsInside_, turned_;
};

}  // namespace zico
