// Convolutions: forward, and the gradients of image and weights.
#include <algorithm>

#include "bf16.hpp"
#include "depthwise.hpp"
#include "lowerings.hpp"
#include "weight-blocks.hpp"
#include "winograd.hpp"

namespace zico {

namespace {
using dnnl::algorithm;
using dnnl::convolution_backward_data;
using dnnl::convolution_backward_weights;
using dnnl::convolution_forward;

/** ints: strides, pads (top, left, bottom, right), dilations, group. */
struct Geometry {
  Dims strides, before, after, dilations, weights;

  Geometry(const Step& step, const Dims& kernel) {
    const auto& n = step.ints;
    strides = {n[0], n[1]};
    before = {n[2], n[3]};
    after = {n[4], n[5]};
    dilations = {n[6] - 1, n[7] - 1};
    const int64_t group = n[8];
    weights = group == 1 ? kernel
                         : Dims{group, kernel[0] / group, kernel[1], kernel[2], kernel[3]};
  }

  /** The convolution as Winograd's method sees it. */
  Windows windows() const {
    const size_t axes = weights.size();
    return {{weights[axes - 2], weights[axes - 1]}, strides,   before,
            after,                                  dilations, axes == 5 ? weights[0] : 1};
  }

  convolution_forward::primitive_desc forward(Program& program, const Dims& x, const Dims& y,
                                              bool bias, Operand type) const {
    const auto kind = dnnl::prop_kind::forward_training;
    const auto direct = algorithm::convolution_direct;
    const Desc shift({y[1]}, dnnl::memory::data_type::f32, Tag::a);
    const convolution_forward::desc desc =
        bias ? convolution_forward::desc(kind, direct, anyLayout(x, type),
                                         anyLayout(weights, type), shift, anyLayout(y), strides,
                                         dilations, before, after)
             : convolution_forward::desc(kind, direct, anyLayout(x, type),
                                         anyLayout(weights, type), anyLayout(y), strides,
                                         dilations, before, after);
    return {desc, ownScratchpad(), program.engine()};
  }

  convolution_backward_data::primitive_desc image(Program& program, const Dims& x, const Dims& y,
                                                  Operand type) const {
    const convolution_backward_data::desc desc(algorithm::convolution_direct, anyLayout(x),
                                               anyLayout(weights, type), anyLayout(y, type),
                                               strides, dilations, before, after);
    return {desc, ownScratchpad(), program.engine(), hint(program, x, y, type)};
  }

  /** What a gradient's primitive is made beside: mostly made for the way forward already. */
  convolution_forward::primitive_desc hint(Program& program, const Dims& x, const Dims& y,
                                           Operand type) const {
    const auto* made = program.primitives().forward.known(key(program, x, y));
    const bool same = made && made->desc.src_desc().data.data_type == static_cast<dnnl_data_type_t>(type);
    return same ? made->desc : forward(program, x, y, false, type);
  }

  /** Everything that decides on the primitive of a convolution of x to y. */
  std::vector<int64_t> key(const Program& program, const Dims& x, const Dims& y,
                           bool bias = false) const {
    std::vector<int64_t> all{program.bf16(), bias};
    for (const Dims* own : {&weights, &x, &y, &strides, &before, &after, &dilations}) {
      all.insert(all.end(), own->begin(), own->end());
    }
    return all;
  }

  Made<convolution_forward> keptForward(Program& program, const Dims& x, const Dims& y,
                                        bool bias) const {
    return program.primitives().forward.of(key(program, x, y, bias), [&] {
      return withOperands(program,
                          [&](Operand type) { return forward(program, x, y, bias, type); });
    });
  }

  /** Whether the image's gradient is a convolution of y's gradient with turned weights: see `turned`. */
  bool turns() const {
    if (strides != Dims{1, 1}) return false;
    const Geometry other = turned();
    return std::min({other.before[0], other.before[1], other.after[0], other.after[1]}) >= 0;
  }

  /**
   * The convolution of y's gradient that gives the image's, for a stride of 1: weights turned by half a
   * circle, input and output channels exchanged.
   */
  Geometry turned() const {
    Geometry other = *this;
    const size_t axes = weights.size();
    std::swap(other.weights[axes - 4], other.weights[axes - 3]);
    for (size_t axis = 0; axis < 2; axis++) {
      const int64_t reach = (dilations[axis] + 1) * (weights[axes - 2 + axis] - 1);
      other.before[axis] = reach - before[axis];
      other.after[axis] = reach - after[axis];
    }
    return other;
  }

  /** Kernels of 1 x 1: turning them only exchanges the channels. */
  bool ofOnePlace() const {
    return weights[weights.size() - 2] == 1 && weights[weights.size() - 1] == 1;
  }

  /** Row-major weights of one place as those of `turned`, without moving them. */
  Desc exchanged() const {
    const size_t axes = weights.size();
    const int64_t ins = weights[axes - 3];
    Dims strides{1, ins, 1, 1};
    if (axes == 5) strides.insert(strides.begin(), weights[1] * ins);
    return Desc(turned().weights, dnnl::memory::data_type::f32, strides);
  }

  /** From row-major weights to those of `turned`, row-major. */
  void turn(const float* from, float* to) const {
    const size_t axes = weights.size();
    const int64_t groups = axes == 5 ? weights[0] : 1;
    const int64_t outs = weights[axes - 4];
    const int64_t ins = weights[axes - 3];
    const int64_t area = weights[axes - 2] * weights[axes - 1];
#pragma omp parallel for schedule(static)
    for (int64_t row = 0; row < groups * ins; row++) {
      const int64_t group = row / ins;
      for (int64_t out = 0; out < outs; out++) {
        const float* own = from + ((group * outs + out) * ins + row % ins) * area;
        std::reverse_copy(own, own + area, to + (row * outs + out) * area);
      }
    }
  }

  convolution_backward_weights::primitive_desc kernel(Program& program, const Dims& x,
                                                      const Dims& y, Operand type) const {
    const convolution_backward_weights::desc desc(algorithm::convolution_direct,
                                                  anyLayout(x, type), anyLayout(weights),
                                                  anyLayout(y, type), strides, dilations, before,
                                                  after);
    return {desc, ownScratchpad(), program.engine(), hint(program, x, y, type)};
  }
};
}  // namespace

/** x, weights, bias (optional) -> y. */
void conv(Program& program, const Step& step) {
  const int x = step.inputs[0];
  const int w = step.inputs[1];
  const int b = step.inputs.size() > 2 ? step.inputs[2] : -1;
  const int y = step.outputs[0];
  const Geometry geometry(step, program.dims(w));
  if (takesWinograd(program, geometry.windows(), program.dims(x), program.dimsOfAll(y))) {
    return winograd(program, x, w, b, y, geometry.before[0], false);
  }
  const auto [desc, primitive] =
      geometry.keptForward(program, program.dims(x), program.dims(y), b >= 0);
  const Copy source = program.in(x, desc.src_desc());
  const Copy weights = program.in(w, desc.weights_desc());
  std::vector<std::pair<int, Copy>> arguments{{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, weights}};
  if (b >= 0) arguments.push_back({DNNL_ARG_BIAS, program.plain(b)});
  arguments.push_back({DNNL_ARG_DST, program.out(y, desc.dst_desc())});
  program.execute(primitive, desc, arguments);
}

namespace {
/** A form of fixed weights: turned, in this layout. */
Copy turnedWeights(Program& program, int weights, const Geometry& geometry, const Desc& layout) {
  if (const auto blocks = WeightBlocks::of(layout, true)) {
    return program.beforehand(weights, layout, *blocks);
  }
  if (geometry.ofOnePlace()) return program.beforehand(weights, layout, geometry.exchanged());
  return program.beforehandReordered(weights, layout, [=](const float* from, float* to) {
    geometry.turn(from, to);
  });
}

/**
 * oneDNN's forward convolutions are usually faster than its backward ones: by up to a quarter for dense 3x3,
 * by a fifth to two thirds for depthwise 5x5.
 */
void turnedInputGradient(Program& program, const Step& step, const Geometry& geometry) {
  const int dy = step.inputs[0];
  const Geometry turned = geometry.turned();
  const auto [desc, primitive] =
      turned.keptForward(program, program.dims(dy), program.dims(step.outputs[0]), false);
  const Copy gradient = program.in(dy, desc.src_desc());
  const Copy weights = turnedWeights(program, step.inputs[1], geometry, desc.weights_desc());
  program.execute(primitive, desc,
                  {{DNNL_ARG_SRC, gradient},
                   {DNNL_ARG_WEIGHTS, weights},
                   {DNNL_ARG_DST, program.out(step.outputs[0], desc.dst_desc())}});
}
}  // namespace

/** gradient of y, weights -> gradient of x. */
void convInputGradient(Program& program, const Step& step) {
  const int dy = step.inputs[0];
  const int w = step.inputs[1];
  const int dx = step.outputs[0];
  const Geometry geometry(step, program.dims(w));
  if (geometry.turns()) {
    const Geometry turned = geometry.turned();
    if (takesWinograd(program, turned.windows(), program.dims(dy), program.dimsOfAll(dx))) {
      return winograd(program, dy, w, -1, dx, turned.before[0], true);
    }
  }
  if (program.fixed(w) && geometry.turns()) return turnedInputGradient(program, step, geometry);
  const Dims& dxDims = program.dims(dx);
  const Dims& dyDims = program.dims(dy);
  const auto [desc, primitive] =
      program.primitives().image.of(geometry.key(program, dxDims, dyDims), [&] {
        return withOperands(program, [&](Operand type) {
          return geometry.image(program, dxDims, dyDims, type);
        });
      });
  const Copy gradient = program.in(dy, desc.diff_dst_desc());
  const Copy weights = program.in(w, desc.weights_desc());
  const Copy result = program.out(dx, desc.diff_src_desc());
  program.execute(primitive, desc,
                  {{DNNL_ARG_DIFF_DST, gradient},
                   {DNNL_ARG_WEIGHTS, weights},
                   {DNNL_ARG_DIFF_SRC, result}});
}

/** gradient of y, x -> gradient of the weights, in the layout that oneDNN prefers. */
void convWeightGradient(Program& program, const Step& step) {
  const int dy = step.inputs[0];
  const int x = step.inputs[1];
  const int dw = step.outputs[0];
  const Dims xDims = program.dimsOfPart(x);
  const Dims yDims = program.dimsOfPart(dy);
  if (ownDepthwise(step, xDims, yDims, program.dims(dw))) {
    return depthwiseWeightGradient(program, step);
  }
  const Geometry geometry(step, program.dims(dw));
  if (takesWinograd(program, geometry.windows(), xDims, yDims)) {
    return winogradWeightGradient(program, x, dy, dw, geometry.before[0]);
  }
  const auto [desc, primitive] =
      program.primitives().weights.of(geometry.key(program, xDims, yDims), [&] {
        return withOperands(program, [&](Operand type) {
          return geometry.kernel(program, xDims, yDims, type);
        });
      });
  const Copy source = program.ofPart(program.in(x, program.ofAll(desc.src_desc())));
  const Copy gradient = program.ofPart(program.in(dy, program.ofAll(desc.diff_dst_desc())));
  const Copy result = program.out(dw, desc.diff_weights_desc());
  program.execute(primitive, desc,
                  {{DNNL_ARG_SRC, source},
                   {DNNL_ARG_DIFF_DST, gradient},
                   {DNNL_ARG_DIFF_WEIGHTS, result}});
}

}  // namespace zico
