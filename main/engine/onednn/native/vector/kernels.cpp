// Compiled once for each instruction set; ZICO_KERNELS is the name of this set's table.
#include "kernels.hpp"

#include "sigmoid.hpp"
#include "sums.hpp"

#if defined(__FMA__)
#include <immintrin.h>
#endif

namespace zico::vector {

namespace {
/** Numbers that are widened to double precision at once. */
#if defined(__AVX512F__)
constexpr int kPiece = 8;
#else
constexpr int kPiece = 4;
#endif

typedef float Floats __attribute__((vector_size(kPiece * sizeof(float))));
typedef double Doubles __attribute__((vector_size(kPiece * sizeof(double))));
typedef float Loose __attribute__((vector_size(kPiece * sizeof(float)), aligned(4), may_alias));

inline Floats load(const float* p) { return *reinterpret_cast<const Loose*>(p); }
inline void store(float* p, Floats v) { *reinterpret_cast<Loose*>(p) = v; }
inline Doubles wide(Floats v) { return __builtin_convertvector(v, Doubles); }

/** Rounded once, as the forward pass does it. */
inline Floats multiplyAdd(Floats x, Floats a, Floats b) {
#if defined(__AVX512F__)
  return _mm256_fmadd_ps(x, a, b);
#elif defined(__FMA__)
  return _mm_fmadd_ps(x, a, b);
#else
  Floats y;
  for (int i = 0; i < kPiece; i++) y[i] = __builtin_fmaf(x[i], a[i], b[i]);
  return y;
#endif
}

/** Slopes in front of what is behind the normalisation. */
template <Behind behind>
inline Floats slopesAt(const Slopes& from, int64_t at, Floats x, Floats alpha, Floats beta) {
  const Floats slopes = load(from.slopes + at);
  if constexpr (behind == Behind::nothing) return slopes;
  const Floats y = multiplyAdd(x, alpha, beta);
  if constexpr (behind == Behind::swish) return slopes * swishSlope(y);
  return y > 0 ? slopes : Floats{};
}

/** Pieces of one run, from `channel` on. */
template <int Pieces, Behind behind>
void addSlopesOf(const Run& run, const Slopes& from, int64_t channel, double* first,
                 double* second) {
  Doubles sums[Pieces], products[Pieces], means[Pieces];
  Floats alphas[Pieces] = {}, betas[Pieces] = {};
  for (int p = 0; p < Pieces; p++) {
    const int64_t c = channel + p * kPiece;
    sums[p] = products[p] = Doubles{};
    means[p] = wide(load(from.means + c));
    if constexpr (behind != Behind::nothing) {
      alphas[p] = load(from.alphas + c);
      betas[p] = load(from.betas + c);
    }
  }
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t start = place * run.stride + channel;
    for (int p = 0; p < Pieces; p++) {
      const int64_t at = start + p * kPiece;
      const Floats x = load(from.numbers + at);
      const Doubles slope = wide(slopesAt<behind>(from, at, x, alphas[p], betas[p]));
      sums[p] += slope;
      products[p] += (wide(x) - means[p]) * slope;
    }
  }
  for (int p = 0; p < Pieces; p++) {
    for (int i = 0; i < kPiece; i++) {
      first[channel + p * kPiece + i] += sums[p][i];
      second[channel + p * kPiece + i] += products[p][i];
    }
  }
}

template <int Pieces, Behind behind>
void slopesOf(const Run& run, const Slopes& from, const SlopeTerms& terms, int64_t channel,
              float* out) {
  Floats means[Pieces], shares[Pieces], tilts[Pieces], scales[Pieces];
  Floats alphas[Pieces] = {}, betas[Pieces] = {};
  for (int p = 0; p < Pieces; p++) {
    const int64_t c = channel + p * kPiece;
    means[p] = load(from.means + c);
    shares[p] = load(terms.shares + c);
    tilts[p] = load(terms.tilts + c);
    scales[p] = load(terms.scales + c);
    if constexpr (behind != Behind::nothing) {
      alphas[p] = load(from.alphas + c);
      betas[p] = load(from.betas + c);
    }
  }
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t start = place * run.stride + channel;
    for (int p = 0; p < Pieces; p++) {
      const int64_t at = start + p * kPiece;
      const Floats x = load(from.numbers + at);
      const Floats slope = slopesAt<behind>(from, at, x, alphas[p], betas[p]);
      store(out + at, (slope - shares[p] - (x - means[p]) * tilts[p]) * scales[p]);
    }
  }
}

/** One channel, in places that may lie side by side. */
template <Behind behind>
inline float slopeAt(const Slopes& from, int64_t at, int64_t channel) {
  if constexpr (behind == Behind::nothing) return from.slopes[at];
  const float y = __builtin_fmaf(from.numbers[at], from.alphas[channel], from.betas[channel]);
  if constexpr (behind == Behind::swish) return from.slopes[at] * swishSlope(Floats{} + y)[0];
  return y > 0 ? from.slopes[at] : 0.0f;
}

template <Behind behind>
void addSlopesOfOne(const Run& run, const Slopes& from, int64_t channel, double* first,
                    double* second) {
  double sum = 0;
  double product = 0;
  const double mean = from.means[channel];
#pragma omp simd reduction(+ : sum, product)
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t at = place * run.stride + channel;
    const double slope = slopeAt<behind>(from, at, channel);
    sum += slope;
    product += (from.numbers[at] - mean) * slope;
  }
  first[channel] += sum;
  second[channel] += product;
}

template <Behind behind>
void slopesOfOne(const Run& run, const Slopes& from, const SlopeTerms& terms, int64_t channel,
                 float* out) {
  const float mean = from.means[channel];
  const float share = terms.shares[channel];
  const float tilt = terms.tilts[channel];
  const float scale = terms.scales[channel];
#pragma omp simd
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t at = place * run.stride + channel;
    const float slope = slopeAt<behind>(from, at, channel);
    out[at] = (slope - share - (from.numbers[at] - mean) * tilt) * scale;
  }
}

constexpr int kMany = 16 / kPiece;

template <Behind behind>
void addSlopesOfRun(const Run& run, const Slopes& from, double* first, double* second) {
  int64_t c = 0;
  for (; c + 16 <= run.lanes; c += 16) addSlopesOf<kMany, behind>(run, from, c, first, second);
  for (; c + kPiece <= run.lanes; c += kPiece) addSlopesOf<1, behind>(run, from, c, first, second);
  for (; c < run.lanes; c++) addSlopesOfOne<behind>(run, from, c, first, second);
}

template <Behind behind>
void slopesOfRun(const Run& run, const Slopes& from, const SlopeTerms& terms, float* out) {
  int64_t c = 0;
  for (; c + 16 <= run.lanes; c += 16) slopesOf<kMany, behind>(run, from, terms, c, out);
  for (; c + kPiece <= run.lanes; c += kPiece) slopesOf<1, behind>(run, from, terms, c, out);
  for (; c < run.lanes; c++) slopesOfOne<behind>(run, from, terms, c, out);
}

template <Behind behind>
inline Floats after(Floats y) {
  if constexpr (behind == Behind::swish) return swishOf(y);
  if constexpr (behind == Behind::relu) return y < 0 ? Floats{} : y;  // what is no number stays none
  return y;
}

template <int Pieces, Behind behind>
void normaliseOf(const Run& run, const float* numbers, const float* alphas, const float* betas,
                 int64_t channel, float* out) {
  Floats alpha[Pieces], beta[Pieces];
  for (int p = 0; p < Pieces; p++) {
    alpha[p] = load(alphas + channel + p * kPiece);
    beta[p] = load(betas + channel + p * kPiece);
  }
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t start = place * run.stride + channel;
    for (int p = 0; p < Pieces; p++) {
      const int64_t at = start + p * kPiece;
      store(out + at, after<behind>(multiplyAdd(load(numbers + at), alpha[p], beta[p])));
    }
  }
}

template <Behind behind>
void normaliseOne(const Run& run, const float* numbers, float alpha, float beta, int64_t channel,
                  float* out) {
  int64_t place = 0;
  if (run.stride == 1) {
    const Floats alphas = Floats{} + alpha;
    const Floats betas = Floats{} + beta;
    for (; place + kPiece <= run.places; place += kPiece) {
      store(out + place, after<behind>(multiplyAdd(load(numbers + place), alphas, betas)));
    }
  }
  for (; place < run.places; place++) {
    const int64_t at = place * run.stride + channel;
    out[at] = after<behind>(Floats{} + __builtin_fmaf(numbers[at], alpha, beta))[0];
  }
}

template <Behind behind>
void normaliseRun(const Run& run, const float* numbers, const float* alphas, const float* betas,
                  float* out) {
  int64_t c = 0;
  for (; c + 16 <= run.lanes; c += 16) {
    normaliseOf<kMany, behind>(run, numbers, alphas, betas, c, out);
  }
  for (; c + kPiece <= run.lanes; c += kPiece) {
    normaliseOf<1, behind>(run, numbers, alphas, betas, c, out);
  }
  for (; c < run.lanes; c++) normaliseOne<behind>(run, numbers, alphas[c], betas[c], c, out);
}

void normalise(const Run& run, const float* numbers, const float* alphas, const float* betas,
               Behind behind, float* out) {
  switch (behind) {
    case Behind::nothing: return normaliseRun<Behind::nothing>(run, numbers, alphas, betas, out);
    case Behind::relu: return normaliseRun<Behind::relu>(run, numbers, alphas, betas, out);
    case Behind::swish: return normaliseRun<Behind::swish>(run, numbers, alphas, betas, out);
  }
}

void addSlopes(const Run& run, const Slopes& from, double* first, double* second) {
  switch (from.behind) {
    case Behind::nothing: return addSlopesOfRun<Behind::nothing>(run, from, first, second);
    case Behind::relu: return addSlopesOfRun<Behind::relu>(run, from, first, second);
    case Behind::swish: return addSlopesOfRun<Behind::swish>(run, from, first, second);
  }
}

void slopesOfNumbers(const Run& run, const Slopes& from, const SlopeTerms& terms, float* out) {
  switch (from.behind) {
    case Behind::nothing: return slopesOfRun<Behind::nothing>(run, from, terms, out);
    case Behind::relu: return slopesOfRun<Behind::relu>(run, from, terms, out);
    case Behind::swish: return slopesOfRun<Behind::swish>(run, from, terms, out);
  }
}

void sigmoid(const float* x, float* out, int64_t count) {
  overNumbers(x, x, out, count, [](WideFloats a, WideFloats) { return sigmoidOf(a); });
}

void swish(const float* x, float* out, int64_t count) {
  overNumbers(x, x, out, count, [](WideFloats a, WideFloats) { return swishOf(a); });
}

void swishGradient(const float* gradient, const float* x, float* out, int64_t count) {
  overNumbers(gradient, x, out, count,
              [](WideFloats g, WideFloats a) { return g * swishSlope(a); });
}

/** Output places whose window hangs over an edge, one by one; the rest with every sum in a register. */
template <int Kernel, int Lanes>
void depthwiseRowOf(const DepthwiseRow& row, float* sums) {
  typedef float Vector __attribute__((vector_size(Lanes * sizeof(float)), aligned(4), may_alias));
  const auto at = [](const float* p) -> const Vector& {
    return *reinterpret_cast<const Vector*>(p);
  };
  const int64_t reach = (Kernel - 1) * row.dilation;
  const int64_t step = row.dilation * Lanes;
  Vector own[Kernel];
  for (int k = 0; k < Kernel; k++) own[k] = at(sums + k * Lanes);
  for (int64_t place = 0; place < row.outputs; place++) {
    const int64_t left = place * row.stride - row.pad;
    const Vector slope = at(row.dy + place * Lanes);
    const float* x = row.x + left * Lanes;
    if (left >= 0 && left + reach < row.width) {
#pragma GCC unroll 7
      for (int k = 0; k < Kernel; k++) own[k] += slope * at(x + k * step);
    } else {
#pragma GCC unroll 7
      for (int k = 0; k < Kernel; k++) {
        const int64_t column = left + k * row.dilation;
        if (column >= 0 && column < row.width) own[k] += slope * at(x + k * step);
      }
    }
  }
  for (int k = 0; k < Kernel; k++) *reinterpret_cast<Vector*>(sums + k * Lanes) = own[k];
}

template <int Lanes>
void depthwiseRowOfLanes(const DepthwiseRow& row, float* sums) {
  switch (row.kernel) {
    case 1: return depthwiseRowOf<1, Lanes>(row, sums);
    case 2: return depthwiseRowOf<2, Lanes>(row, sums);
    case 3: return depthwiseRowOf<3, Lanes>(row, sums);
    case 4: return depthwiseRowOf<4, Lanes>(row, sums);
    case 5: return depthwiseRowOf<5, Lanes>(row, sums);
    case 6: return depthwiseRowOf<6, Lanes>(row, sums);
    case 7: return depthwiseRowOf<7, Lanes>(row, sums);
  }
}

void depthwiseRow(const DepthwiseRow& row, int64_t lanes, float* sums) {
  if (lanes == 16) return depthwiseRowOfLanes<16>(row, sums);
  depthwiseRowOfLanes<8>(row, sums);
}
}  // namespace

extern const Kernels ZICO_KERNELS;
const Kernels ZICO_KERNELS{normalise, addSlopes, slopesOfNumbers, depthwiseRow, sigmoid,
                           swish,     swishGradient, squares, pairSums};

}  // namespace zico::vector
