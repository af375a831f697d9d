// Batch normalisation with batch statistics, with the Relu behind it where there is one.
#include <algorithm>

#include "channel-statistics.hpp"
#include "lowerings.hpp"

namespace zico {

namespace {
using dnnl::batch_normalization_backward;
using dnnl::batch_normalization_forward;
using dnnl::normalization_flags;

/** ints: 1 where a Relu follows. floats: epsilon. data: scales, then shifts; empty for 1 and 0. */
batch_normalization_forward::primitive_desc forward(Program& program, const Step& step,
                                                    const Desc& x, bool statisticsGiven) {
  normalization_flags flags = normalization_flags::none;
  if (statisticsGiven) flags |= normalization_flags::use_global_stats;
  if (step.ints[0]) flags |= normalization_flags::fuse_norm_relu;
  if (!step.data.empty()) flags |= normalization_flags::use_scale_shift;
  const batch_normalization_forward::desc desc(dnnl::prop_kind::forward_training, x,
                                               step.floats[0], flags);
  return {desc, ownScratchpad(), program.engine()};
}

/** Scales and shifts as oneDNN takes them; copied once, before the first batch. */
Copy scaleShift(Program& program, const Step& step, const Desc& desc) {
  const Copy copy{desc, program.persistent(desc.get_size())};
  const float* numbers = step.data.data();
  const size_t count = step.data.size();
  program.act({copy.buffer}, [&program, copy, numbers, count](dnnl::stream&) {
    std::copy(numbers, numbers + count, program.at(copy));
  });
  return copy;
}
}  // namespace

/** x -> y, mean, variance, mask of the Relu (where it follows). */
void batchNormalization(Program& program, const Step& step) {
  Copy x = program.made(step.inputs[0]);
  if (ChannelStatistics(x.desc).block == 0) x = program.plain(step.inputs[0]);
  const ChannelStatistics statistics(x.desc);
  const auto desc = forward(program, step, x.desc, true);
  const Copy mean = program.out(step.outputs[1], desc.mean_desc());
  const Copy variance = program.out(step.outputs[2], desc.variance_desc());
  const int parts = program.scratch(statistics.scratchBytes());
  program.act({x.buffer, mean.buffer, variance.buffer, parts}, [=, &program](dnnl::stream&) {
    statistics.compute(program.at(x), reinterpret_cast<double*>(program.at(parts)),
                       program.at(mean), program.at(variance));
  });
  std::vector<std::pair<int, Copy>> arguments{{DNNL_ARG_SRC, x}};
  if (!step.data.empty()) {
    arguments.push_back({DNNL_ARG_SCALE_SHIFT, scaleShift(program, step, desc.weights_desc())});
  }
  arguments.push_back({DNNL_ARG_DST, program.out(step.outputs[0], desc.dst_desc())});
  arguments.push_back({DNNL_ARG_MEAN, mean});
  arguments.push_back({DNNL_ARG_VARIANCE, variance});
  if (step.ints[0]) {
    arguments.push_back({DNNL_ARG_WORKSPACE, program.out(step.outputs[3], desc.workspace_desc())});
  }
  program.execute(batch_normalization_forward(desc), desc, arguments);
}

/** gradient of y, x, mean, variance, mask (where a Relu followed) -> gradient of x. */
void batchNormalizationGradient(Program& program, const Step& step) {
  const Copy x = program.made(step.inputs[1]);
  const Copy gradient = program.in(step.inputs[0], x.desc);
  normalization_flags flags = normalization_flags::none;
  if (step.ints[0]) flags |= normalization_flags::fuse_norm_relu;
  if (!step.data.empty()) flags |= normalization_flags::use_scale_shift;
  const batch_normalization_backward::desc wanted(dnnl::prop_kind::backward_data, x.desc, x.desc,
                                                  step.floats[0], flags);
  const batch_normalization_backward::primitive_desc desc(
      wanted, ownScratchpad(), program.engine(), forward(program, step, x.desc, false));
  std::vector<std::pair<int, Copy>> arguments{
      {DNNL_ARG_SRC, x},
      {DNNL_ARG_DIFF_DST, gradient},
      {DNNL_ARG_MEAN, program.made(step.inputs[2])},
      {DNNL_ARG_VARIANCE, program.made(step.inputs[3])}};
  if (!step.data.empty()) {
    arguments.push_back({DNNL_ARG_SCALE_SHIFT, scaleShift(program, step, desc.weights_desc())});
  }
  if (step.ints[0]) arguments.push_back({DNNL_ARG_WORKSPACE, program.made(step.inputs[4])});
  arguments.push_back(
      {DNNL_ARG_DIFF_SRC, program.out(step.outputs[0], desc.diff_src_desc(), step.inputs[0])});
  program.execute(batch_normalization_backward(desc), desc, arguments);
}

}  // namespace zico
