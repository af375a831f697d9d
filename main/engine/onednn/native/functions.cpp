// Functions of one number, over whole buffers. `floats` are the function's own parameters.
#include <algorithm>
#include <cmath>
#include <map>

#include "lowerings.hpp"
#include "vector/kernels.hpp"

namespace zico {

namespace {
using Parameters = const float*;
using Kernel = void (*)(const float* in, float* out, int64_t count, Parameters p);

/** The loop around a function, which the compiler turns into vector instructions. */
template <typename Function>
void loop(const float* in, float* out, int64_t count, Parameters p) {
#pragma omp parallel for simd schedule(static)
  for (int64_t i = 0; i < count; i++) out[i] = Function::of(in[i], p);
}

#define FUNCTION(NAME, FORMULA)                               \
  struct NAME {                                               \
    static float of(float x, [[maybe_unused]] Parameters p) { \
      return FORMULA;                                         \
    }                                                         \
  };

FUNCTION(Affine, x * p[0] + p[1])
FUNCTION(Exp, std::exp(x))
FUNCTION(Log, std::log(x))
FUNCTION(Sqrt, std::sqrt(x))
FUNCTION(Reciprocal, 1 / x)
FUNCTION(Abs, std::fabs(x))
FUNCTION(Tanh, std::tanh(x))
FUNCTION(Erf, std::erf(x))
FUNCTION(Pow, std::pow(x, p[0]))
FUNCTION(Square, x* x)
FUNCTION(Sin, std::sin(x))
FUNCTION(Cos, std::cos(x))
FUNCTION(Atan, std::atan(x))
FUNCTION(Softplus, (x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x))))
FUNCTION(Sign, static_cast<float>((x > 0) - (x < 0)))
FUNCTION(Floor, std::floor(x))
FUNCTION(Ceil, std::ceil(x))
FUNCTION(Round, std::nearbyint(x))
FUNCTION(Inside, x > p[0] && x < p[1] ? 1.0f : 0.0f)
FUNCTION(LeakyRelu, x < 0 ? x * p[0] : x)
FUNCTION(Elu, x > 0 ? x : p[0] * std::expm1(x))
FUNCTION(GeluErf, 0.5f * x * (1 + std::erf(x * static_cast<float>(M_SQRT1_2))))
FUNCTION(GeluTanh, 0.5f * x * (1 + std::tanh(0.7978845608f * (x + 0.044715f * x * x * x))))
#undef FUNCTION

// NaN stays NaN: comparisons with it are false.
struct Clip {
  static float of(float x, Parameters p) {
    const float above = x < p[0] ? p[0] : x;
    return above > p[1] ? p[1] : above;
  }
};

struct HardSigmoid {
  static float of(float x, Parameters p) {
    const float line = p[0] * x + p[1];
    const float above = line < 0 ? 0 : line;
    return above > 1 ? 1 : above;
  }
};

struct HardSwish {
  static float of(float x, Parameters) {
    const float line = x / 6 + 0.5f;
    const float above = line < 0 ? 0 : line;
    return x * (above > 1 ? 1 : above);
  }
};

using VectorKernel = void (*)(const float* x, float* out, int64_t count);

/** How many numbers a thread takes at a time. */
constexpr int64_t kPiece = 1 << 12;

void inPieces(VectorKernel kernel, const float* in, float* out, int64_t count) {
#pragma omp parallel for schedule(static)
  for (int64_t start = 0; start < count; start += kPiece) {
    kernel(in + start, out + start, std::min(kPiece, count - start));
  }
}

void sigmoid(const float* in, float* out, int64_t count, Parameters) {
  inPieces(vector::kernels().sigmoid, in, out, count);
}

void swish(const float* in, float* out, int64_t count, Parameters) {
  inPieces(vector::kernels().swish, in, out, count);
}

Kernel kernelOf(const std::string& name) {
  static const std::map<std::string, Kernel> kernels{
      {"affine", loop<Affine>},
      {"exp", loop<Exp>},
      {"log", loop<Log>},
      {"sqrt", loop<Sqrt>},
      {"reciprocal", loop<Reciprocal>},
      {"abs", loop<Abs>},
      {"sigmoid", sigmoid},
      {"swish", swish},
      {"tanh", loop<Tanh>},
      {"erf", loop<Erf>},
      {"pow", loop<Pow>},
      {"square", loop<Square>},
      {"sin", loop<Sin>},
      {"cos", loop<Cos>},
      {"atan", loop<Atan>},
      {"softplus", loop<Softplus>},
      {"sign", loop<Sign>},
      {"floor", loop<Floor>},
      {"ceil", loop<Ceil>},
      {"round", loop<Round>},
      {"inside", loop<Inside>},
      {"leaky-relu", loop<LeakyRelu>},
      {"elu", loop<Elu>},
      {"gelu", loop<GeluErf>},
      {"gelu-tanh", loop<GeluTanh>},
      {"clip", loop<Clip>},
      {"hard-sigmoid", loop<HardSigmoid>},
      {"hard-swish", loop<HardSwish>},
  };
  return kernels.at(name);
}
}  // namespace

/** x -> function of x. */
void function(Program& program, const Step& step) {
  const Kernel kernel = kernelOf(step.op);
  const float* parameters = step.floats.data();
  // Padding of a blocked layout has to stay zero.
  const float zero = 0;
  float image = 0;
  kernel(&zero, &image, 1, parameters);
  const int value = step.inputs[0];
  Copy x = program.made(value);
  if (image != 0 && !dense(x.desc)) x = program.plain(value);
  const Copy out = program.out(step.outputs[0], x.desc, value);
  const int64_t count = static_cast<int64_t>(x.desc.get_size() / sizeof(float));
  program.act({x.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    kernel(program.at(x), program.at(out), count, parameters);
  });
}

/** gradient of y, x -> gradient of x, where y is x * sigmoid(x). */
void swishGradient(Program& program, const Step& step) {
  const Copy gradient = program.made(step.inputs[0]);
  const Copy x = program.in(step.inputs[1], gradient.desc);
  const Copy out = program.out(step.outputs[0], gradient.desc, step.inputs[0]);
  const int64_t count = static_cast<int64_t>(out.desc.get_size() / sizeof(float));
  program.act({gradient.buffer, x.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    const auto kernel = vector::kernels().swishGradient;
#pragma omp parallel for schedule(static)
    for (int64_t start = 0; start < count; start += kPiece) {
      kernel(program.at(gradient) + start, program.at(x) + start, program.at(out) + start,
             std::min(kPiece, count - start));
    }
  });
}

}  // namespace zico
