// Average pooling and its gradient.
#include "lowerings.hpp"

namespace zico {

namespace {
using dnnl::algorithm;
using dnnl::pooling_v2_backward;
using dnnl::pooling_v2_forward;

/** ints: kernel, strides, pads (top, left, bottom, right), dilations, 1 where padding counts. */
struct Window {
  Dims kernel, strides, before, after, dilations;
  algorithm kind;

  Window(const Step& step, const Dims& x, const Dims& y) {
    const auto& n = step.ints;
    kernel = {n[0], n[1]};
    strides = {n[2], n[3]};
    before = {n[4], n[5]};
    dilations = {n[8] - 1, n[9] - 1};
    // As far as the last window reaches: rounding up and unreached rows are part of the padding.
    for (size_t axis = 0; axis < 2; axis++) {
      const int64_t extent = dilations[axis] * (kernel[axis] - 1) + kernel[axis];
      after.push_back((y[2 + axis] - 1) * strides[axis] + extent - before[axis] - x[2 + axis]);
    }
    kind = n[10] ? algorithm::pooling_avg_include_padding
                 : algorithm::pooling_avg_exclude_padding;
  }

  /** Everything that decides on the primitive, with the layouts of both sides. */
  std::vector<int64_t> key(const Desc& x, const Desc& y) const {
    std::vector<int64_t> all = layoutKey({x, y});
    all.push_back(static_cast<int64_t>(kind));
    for (const Dims* own : {&kernel, &strides, &before, &after, &dilations}) {
      all.insert(all.end(), own->begin(), own->end());
    }
    return all;
  }

  pooling_v2_forward::primitive_desc forward(Program& program, const Desc& x, const Desc& y) const {
    const pooling_v2_forward::desc desc(dnnl::prop_kind::forward_training, kind, x, y, strides,
                                        kernel, dilations, before, after);
    return {desc, ownScratchpad(), program.engine()};
  }

  pooling_v2_backward::primitive_desc backward(
      Program& program, const Desc& dx, const Desc& dy,
      const pooling_v2_forward::primitive_desc& hint) const {
    const pooling_v2_backward::desc desc(kind, dx, dy, strides, kernel, dilations, before, after);
    return {desc, ownScratchpad(), program.engine(), hint};
  }
};

/** The layout that oneDNN's convolutions choose on this processor. */
Desc blocked(const Dims& dims) {
  const bool wide = dnnl::get_effective_cpu_isa() >= dnnl::cpu_isa::avx512_core;
  return Desc(dims, dnnl::memory::data_type::f32, wide ? Tag::nChw16c : Tag::nChw8c);
}
}  // namespace

void averagePool(Program& program, const Step& step) {
  const Copy x = program.made(step.inputs[0]);
  const Dims& y = program.dims(step.outputs[0]);
  const Window window(step, x.desc.dims(), y);
  const Desc any = anyLayout(y);
  const auto [desc, primitive] = program.primitives().pool.of(
      window.key(x.desc, any), [&] { return window.forward(program, x.desc, any); });
  program.execute(primitive, desc,
                  {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, program.out(step.outputs[0], desc.dst_desc())}});
}

void averagePoolGradient(Program& program, const Step& step) {
  const Dims& x = program.dims(step.outputs[0]);
  const Dims& y = program.dims(step.inputs[0]);
  const Copy gradient = program.in(step.inputs[0], blocked(y));
  const Window window(step, x, y);
  const Desc result = blocked(x);
  const auto [desc, primitive] =
      program.primitives().poolGradient.of(window.key(result, gradient.desc), [&] {
        const auto hint = window.forward(program, result, gradient.desc);
        return window.backward(program, result, gradient.desc, hint);
      });
  program.execute(primitive, desc,
                  {{DNNL_ARG_DIFF_DST, gradient},
                   {DNNL_ARG_DIFF_SRC, program.out(step.outputs[0], desc.diff_src_desc())}});
}

}  // namespace zico
