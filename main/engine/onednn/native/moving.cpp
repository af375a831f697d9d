// Values that are moved unchanged: parts of tensors put elsewhere, rows taken by number; and products with a
// constant matrix along one axis, which is how images are resized.
#include <algorithm>
#include <cstring>

#include "lowerings.hpp"
#include "strided.hpp"

namespace zico {

namespace {
/** Where values of one input go: axes over result and input, and where both begin. */
struct Part {
  Copy from;
  int64_t target, source;
  std::vector<StridedAxis<2>> axes;
};
}  // namespace

/**
 * Any number of values -> one row-major value made of parts of them.
 * ints: 1 where what no part fills is zero; then for each input: number of axes, offset in the result,
 * offset in the input, and for each axis size, stride in the result, stride in the input.
 */
void move(Program& program, const Step& step) {
  const Copy out = program.outPlain(step.outputs[0]);
  std::vector<Part> parts;
  std::vector<int> touched{out.buffer};
  auto next = step.ints.begin();
  const bool cleared = *next++ != 0;
  for (int input : step.inputs) {
    Part part{program.plain(input), 0, 0, {}};
    const int64_t rank = *next++;
    part.target = *next++;
    part.source = *next++;
    for (int64_t axis = 0; axis < rank; axis++, next += 3) {
      part.axes.push_back({next[0], {next[1], next[2]}});
    }
    part.axes = joined(part.axes);
    touched.push_back(part.from.buffer);
    parts.push_back(std::move(part));
  }
  program.act(touched, [=, &program](dnnl::stream&) {
    if (cleared) std::memset(program.at(out), 0, out.desc.get_size());
    for (const Part& part : parts) {
      float* result = program.at(out) + part.target;
      const float* numbers = program.at(part.from) + part.source;
      const auto [size, strides] = part.axes.back();
      const auto [to, from] = strides;
      forRows(part.axes, [=](const std::array<int64_t, 2>& at) {
        float* target = result + at[0];
        const float* source = numbers + at[1];
        if (to == 1 && from == 1) {
          std::memcpy(target, source, static_cast<size_t>(size) * sizeof(float));
        } else {
          for (int64_t i = 0; i < size; i++) target[i * to] = source[i * from];
        }
      });
    }
  });
}

/** x -> rows of x by number. ints: rows of x, numbers in a row, then the number of each row taken. */
void gatherRows(Program& program, const Step& step) {
  const Copy x = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0]);
  const int64_t size = step.ints[0];
  const int64_t inner = step.ints[1];
  const std::vector<int64_t> taken(step.ints.begin() + 2, step.ints.end());
  const int64_t outer = program.elements(step.inputs[0]) / (size * inner);
  program.act({x.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    const int64_t count = static_cast<int64_t>(taken.size());
#pragma omp parallel for schedule(static)
    for (int64_t row = 0; row < outer * count; row++) {
      const float* source = program.at(x) + (row / count * size + taken[row % count]) * inner;
      std::copy(source, source + inner, program.at(out) + row * inner);
    }
  });
}

/** x, matrix of rows x size -> matrix times x along one axis. ints: size of the axis, numbers behind it. */
void alongAxis(Program& program, const Step& step) {
  const Copy x = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0]);
  const int64_t size = step.ints[0];
  const int64_t inner = step.ints[1];
  const int64_t rows = program.dims(step.inputs[1])[0];
  const int64_t outer = program.elements(step.inputs[0]) / (size * inner);
  struct Term {
    int64_t place;
    float factor;
  };
  // A resize has one or two factors a row, its transpose a few; the rest is zero.
  std::vector<std::vector<Term>> terms(static_cast<size_t>(rows));
  const float* matrix = program.constant(step.inputs[1]);
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t place = 0; place < size; place++) {
      const float factor = matrix[row * size + place];
      if (factor != 0) terms[row].push_back({place, factor});
    }
  }
  program.act({x.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    const float* numbers = program.at(x);
#pragma omp parallel for schedule(static)
    for (int64_t index = 0; index < outer * rows; index++) {
      const auto& own = terms[index % rows];
      const float* block = numbers + index / rows * size * inner;
      float* result = program.at(out) + index * inner;
      std::fill(result, result + inner, 0.0f);
      for (const Term& term : own) {
        const float* source = block + term.place * inner;
#pragma omp simd
        for (int64_t i = 0; i < inner; i++) result[i] += term.factor * source[i];
      }
    }
  });
}

}  // namespace zico
