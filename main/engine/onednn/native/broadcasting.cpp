// Operators of two operands that broadcast, and sums over axes.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "lowerings.hpp"
#include "strided.hpp"

namespace zico {

namespace {
using Axes = std::vector<StridedAxis<3>>;
/** Result, first and second operand along one run. */
using Run = void (*)(float* out, const float* a, const float* b, int64_t count,
                     const std::array<int64_t, 3>& strides);

template <typename Operator>
void run(float* out, const float* a, const float* b, int64_t count,
         const std::array<int64_t, 3>& strides) {
  const auto [own, first, second] = strides;
  if (own == 1 && first == 1 && second == 1) {
#pragma omp simd
    for (int64_t i = 0; i < count; i++) out[i] = Operator::of(a[i], b[i]);
  } else if (own == 1 && first == 1 && second == 0) {
    const float number = *b;
#pragma omp simd
    for (int64_t i = 0; i < count; i++) out[i] = Operator::of(a[i], number);
  } else {
    for (int64_t i = 0; i < count; i++) {
      out[i * own] = Operator::of(a[i * first], b[i * second]);
    }
  }
}

struct Add { static float of(float a, float b) { return a + b; } };
struct Subtract { static float of(float a, float b) { return a - b; } };
struct Multiply { static float of(float a, float b) { return a * b; } };
struct Divide { static float of(float a, float b) { return a / b; } };
// NaN wins, as in PyTorch: comparisons with it are false.
struct Maximum { static float of(float a, float b) { return a > b || a != a ? a : b; } };
struct Minimum { static float of(float a, float b) { return a < b || a != a ? a : b; } };
struct Power { static float of(float a, float b) { return std::pow(a, b); } };
struct Greater { static float of(float a, float b) { return a > b ? 1.0f : 0.0f; } };
struct Equal { static float of(float a, float b) { return a == b ? 1.0f : 0.0f; } };
struct Masked { static float of(float mask, float x) { return mask != 0 ? x : 0.0f; } };
struct PRelu { static float of(float x, float slope) { return x < 0 ? x * slope : x; } };

Run runOf(const std::string& name) {
  static const std::map<std::string, Run> runs{
      {"add", run<Add>},       {"subtract", run<Subtract>}, {"multiply", run<Multiply>},
      {"divide", run<Divide>}, {"prelu", run<PRelu>},
      {"maximum", run<Maximum>}, {"minimum", run<Minimum>},
      {"power", run<Power>},   {"greater", run<Greater>},
      {"equal", run<Equal>},   {"masked", run<Masked>},
  };
  return runs.at(name);
}

/** How far apart a row-major operand's values lie along the axes of the result. */
Dims stridesWithin(const Dims& operand, const Dims& result) {
  Dims strides(result.size(), 0);
  int64_t stride = 1;
  for (size_t back = 1; back <= operand.size(); back++) {
    const int64_t size = operand[operand.size() - back];
    if (size != 1) strides[result.size() - back] = stride;
    stride *= size;
  }
  return strides;
}

/** Long runs are split so that every thread gets some. */
constexpr int64_t kRun = 1 << 12;

void overDense(Program& program, Run kernel, const Copy& a, const Copy& b, const Copy& out,
               int64_t second) {
  const int64_t count = static_cast<int64_t>(out.desc.get_size() / sizeof(float));
  program.act({a.buffer, b.buffer, out.buffer}, [=, &program](dnnl::stream&) {
#pragma omp parallel for schedule(static)
    for (int64_t start = 0; start < count; start += kRun) {
      kernel(program.at(out) + start, program.at(a) + start, program.at(b) + start * second,
             std::min(kRun, count - start), {1, 1, second});
    }
  });
}
}  // namespace

/** a, b -> a operator b. */
void binary(Program& program, const Step& step) {
  const Run kernel = runOf(step.op);
  const int a = step.inputs[0];
  const int b = step.inputs[1];
  const Dims& result = program.dims(step.outputs[0]);
  // Padding of a blocked layout has to stay zero, and these turn two zeros into something else.
  static const std::set<std::string> notOfZeros{"divide", "power", "equal"};
  const bool divides = notOfZeros.count(step.op) > 0;
  if (program.dims(a) == program.dims(b)) {
    // Computed values come before initialisers: they are in the layout that the next step wants.
    Desc desc = program.made(program.fixed(a) ? b : a).desc;
    if (divides && !dense(desc)) desc = rowMajor(result);
    const Copy first = program.in(a, desc);
    const Copy second = program.in(b, desc);
    const Copy out = program.out(step.outputs[0], desc, a);
    return overDense(program, kernel, first, second, out, 1);
  }
  if (program.dims(a) == result && program.elements(b) == 1) {
    Copy first = program.made(a);
    // These turn a zero and any number into zero.
    static const std::set<std::string> keepZero{"multiply", "divide", "prelu", "masked"};
    if (keepZero.count(step.op) == 0 && !dense(first.desc)) first = program.plain(a);
    const Copy second = program.plain(b);
    const Copy out = program.out(step.outputs[0], first.desc, a);
    return overDense(program, kernel, first, second, out, 0);
  }
  const Copy first = program.plain(a);
  const Copy second = program.plain(b);
  const Copy out = program.outPlain(step.outputs[0]);
  const Dims own = stridesWithin(result, result);
  const Dims firstStrides = stridesWithin(program.dims(a), result);
  const Dims secondStrides = stridesWithin(program.dims(b), result);
  Axes axes;
  for (size_t axis = 0; axis < result.size(); axis++) {
    axes.push_back({result[axis], {own[axis], firstStrides[axis], secondStrides[axis]}});
  }
  axes = joined(axes);
  program.act({first.buffer, second.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    forRows(axes, [&](const std::array<int64_t, 3>& at) {
      kernel(program.at(out) + at[0], program.at(first) + at[1], program.at(second) + at[2],
             axes.back().size, axes.back().strides);
    });
  });
}

namespace {
/** x -> its numbers folded over axes by `fold`. ints: for each axis of x, 1 where it is folded. */
template <typename Fold>
void foldAxes(Program& program, const Step& step, double first, double factor, Fold fold) {
  const Copy x = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0]);
  const Dims& dims = program.dims(step.inputs[0]);
  const Dims strides = stridesWithin(dims, dims);
  std::vector<StridedAxis<1>> kept, summed;
  for (size_t axis = 0; axis < dims.size(); axis++) {
    (step.ints[axis] ? summed : kept).push_back({dims[axis], {strides[axis]}});
  }
  kept = joined(kept);
  summed = joined(summed);
  const int64_t results = program.elements(step.outputs[0]);
  program.act({x.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    const float* numbers = program.at(x);
    float* sums = program.at(out);
#pragma omp parallel for schedule(static)
    for (int64_t result = 0; result < results; result++) {
      int64_t start = 0;
      int64_t rest = result;
      for (size_t axis = kept.size(); axis-- > 0;) {
        start += rest % kept[axis].size * kept[axis].strides[0];
        rest /= kept[axis].size;
      }
      int64_t rows = 1;
      for (size_t axis = 0; axis + 1 < summed.size(); axis++) rows *= summed[axis].size;
      double sum = first;
      for (int64_t row = 0; row < rows; row++) {
        int64_t at = start;
        int64_t index = row;
        for (size_t axis = summed.size() - 1; axis-- > 0;) {
          at += index % summed[axis].size * summed[axis].strides[0];
          index /= summed[axis].size;
        }
        const auto& last = summed.back();
        for (int64_t i = 0; i < last.size; i++) sum = fold(sum, numbers[at + i * last.strides[0]]);
      }
      sums[result] = static_cast<float>(sum * factor);
    }
  });
}
}  // namespace

/** x -> its sum or mean over axes, in double precision. floats: what the sum is multiplied by. */
void reduce(Program& program, const Step& step) {
  foldAxes(program, step, 0, step.floats[0], [](double sum, float x) { return sum + x; });
}

/** x -> its highest number over axes. */
void highest(Program& program, const Step& step) {
  constexpr double lowest = -std::numeric_limits<double>::infinity();
  foldAxes(program, step, lowest, 1, [](double high, float x) { return x > high || x != x ? x : high; });
}

}  // namespace zico
