// The weights' gradient of depthwise convolutions. For kernels wider than 3, oneDNN 2.x falls back to matrix
// products, twenty times slower than memory would allow.
#include "depthwise.hpp"

#include <algorithm>

#include "channel-blocks.hpp"
#include "lowerings.hpp"
#include "vector/kernels.hpp"

namespace zico {

namespace {
/** ints: strides, pads (top, left, bottom, right), dilations, group. */
struct Depthwise {
  int64_t height, width, rows, columns, kernelRows, kernelColumns;
  std::vector<int64_t> n;

  int64_t kernel() const { return kernelRows * kernelColumns; }

  /** Adds one image's part of a block: kernel x block, channels side by side. */
  void add(const float* x, const float* dy, int64_t block, float* sums) const {
    const auto addRow = vector::kernels().depthwiseRow;
    for (int64_t row = 0; row < rows; row++) {
      const float* slopes = dy + row * columns * block;
      for (int64_t k = 0; k < kernelRows; k++) {
        const int64_t from = row * n[0] - n[2] + k * n[6];
        if (from < 0 || from >= height) continue;
        addRow({x + from * width * block, slopes, width, columns, kernelColumns, n[1], n[3], n[7]},
               block, sums + k * kernelColumns * block);
      }
    }
  }
};
}  // namespace

bool ownDepthwise(const Step& step, const Dims& x, const Dims& dy, const Dims& weights) {
  return step.ints[8] == x[1] && dy[1] == x[1] && x[1] > 1 && weights[2] <= vector::kWidestDepthwise &&
         weights[3] <= vector::kWidestDepthwise;
}

void depthwiseWeightGradient(Program& program, const Step& step) {
  const Dims xDims = program.dimsOfPart(step.inputs[1]);
  const Dims yDims = program.dimsOfPart(step.inputs[0]);
  const Dims& kernel = program.dims(step.outputs[0]);
  const auto type = dnnl::memory::data_type::f32;
  const Desc made = program.made(step.inputs[1]).desc;
  const bool eight = made == Desc(program.dims(step.inputs[1]), type, Tag::nChw8c);
  const Tag tag = eight ? Tag::nChw8c : Tag::nChw16c;
  const auto brought = [&](int value) {
    return program.ofPart(program.in(value, Desc(program.dims(value), type, tag)));
  };
  const Copy x = brought(step.inputs[1]);
  const Copy dy = brought(step.inputs[0]);
  const ChannelBlocks blocks(x.desc);
  const Depthwise depthwise{xDims[2], xDims[3], yDims[2],  yDims[3],
                            kernel[2], kernel[3], step.ints};
  const int64_t each = depthwise.kernel() * blocks.block;
  const int parts =
      program.scratch(static_cast<size_t>(blocks.images * blocks.blocks * each) * sizeof(float));
  const Copy dw = program.outPlain(step.outputs[0]);
  program.act({x.buffer, dy.buffer, parts, dw.buffer}, [=, &program](dnnl::stream&) {
    float* part = program.at(parts);
    const int64_t tasks = blocks.images * blocks.blocks;
    const int64_t from = depthwise.height * depthwise.width * blocks.block;
    const int64_t to = depthwise.rows * depthwise.columns * blocks.block;
#pragma omp parallel for schedule(static)
    for (int64_t task = 0; task < tasks; task++) {
      float* sums = part + task * each;
      std::fill(sums, sums + each, 0.0f);
      depthwise.add(program.at(x) + task * from, program.at(dy) + task * to, blocks.block, sums);
    }
    float* out = program.at(dw);
    for (int64_t channel = 0; channel < blocks.channels; channel++) {
      const float* own = part + channel / blocks.block * each + channel % blocks.block;
      for (int64_t k = 0; k < depthwise.kernel(); k++) {
        double sum = 0;
        for (int64_t image = 0; image < blocks.images; image++) {
          sum += own[image * blocks.blocks * each + k * blocks.block];
        }
        out[channel * depthwise.kernel() + k] = static_cast<float>(sum);
      }
    }
  });
}

}  // namespace zico
