// Softmax, and normalisation of the values of one image: both work on runs of numbers.
#include <algorithm>
#include <cmath>

#include "lowerings.hpp"

namespace zico {

/** x -> softmax along one axis. ints: size of the axis, numbers behind it. */
void softmax(Program& program, const Step& step) {
  const Copy x = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0]);
  const int64_t size = step.ints[0];
  const int64_t inner = step.ints[1];
  const int64_t runs = program.elements(step.inputs[0]) / size;
  program.act({x.buffer, out.buffer}, [=, &program](dnnl::stream&) {
#pragma omp parallel for schedule(static)
    for (int64_t run = 0; run < runs; run++) {
      const int64_t start = run / inner * size * inner + run % inner;
      const float* in = program.at(x) + start;
      float* result = program.at(out) + start;
      float largest = in[0];
      for (int64_t i = 1; i < size; i++) largest = std::max(largest, in[i * inner]);
      double sum = 0;
      for (int64_t i = 0; i < size; i++) {
        result[i * inner] = std::exp(in[i * inner] - largest);
        sum += result[i * inner];
      }
      const float share = static_cast<float>(1 / sum);
      for (int64_t i = 0; i < size; i++) result[i * inner] *= share;
    }
  });
}

/**
 * x, scale (optional), shift (optional) -> each run of numbers with mean 0 and variance 1, scaled, shifted.
 * ints: length of a run; 1 where each number of a run has its own scale, 0 where each channel has.
 * floats: epsilon.
 */
void normaliseRows(Program& program, const Step& step) {
  const Copy x = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0]);
  std::vector<Copy> affine;
  std::vector<int> touched{x.buffer, out.buffer};
  for (size_t i = 1; i < step.inputs.size(); i++) {
    affine.push_back(program.plain(step.inputs[i]));
    touched.push_back(affine.back().buffer);
  }
  const int64_t length = step.ints[0];
  const bool ownScales = step.ints[1] != 0;
  const double epsilon = step.floats[0];
  const int64_t runs = program.elements(step.inputs[0]) / length;
  const int64_t channels = program.dims(step.inputs[0])[1];
  program.act(touched, [=, &program](dnnl::stream&) {
    const float* scales = affine.size() > 0 ? program.at(affine[0]) : nullptr;
    const float* shifts = affine.size() > 1 ? program.at(affine[1]) : nullptr;
#pragma omp parallel for schedule(static)
    for (int64_t run = 0; run < runs; run++) {
      const float* in = program.at(x) + run * length;
      float* result = program.at(out) + run * length;
      double sum = 0;
      for (int64_t i = 0; i < length; i++) sum += in[i];
      const double mean = sum / static_cast<double>(length);
      double squares = 0;
      for (int64_t i = 0; i < length; i++) squares += (in[i] - mean) * (in[i] - mean);
      const double inverse = 1 / std::sqrt(squares / static_cast<double>(length) + epsilon);
      for (int64_t i = 0; i < length; i++) {
        const int64_t at = ownScales ? i : run % channels;
        const double normal = (in[i] - mean) * inverse;
        result[i] = static_cast<float>(normal * (scales ? scales[at] : 1) + (shifts ? shifts[at] : 0));
      }
    }
  });
}

}  // namespace zico
