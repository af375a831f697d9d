// Batch normalisation backwards: sums of slopes, and the slope of each number. Included by kernels.cpp
// alone.
#pragma once
#include <type_traits>

#include "pieces.hpp"

namespace zico::vector {

namespace {
/** Slopes before the function behind the normalisation; before a swish they are `kept` already. */
template <Behind behind>
inline Floats slopesBefore(Floats slopes, Floats x, Floats alpha, Floats beta) {
  if constexpr (behind != Behind::relu) return slopes;
  return multiplyAdd(x, alpha, beta) > 0 ? slopes : Floats{};
}

/** Writes the slopes before a swish for `Pieces` of each place: lines where they fill them. */
template <typename Vector, int Pieces>
struct SwishSlopes {
  static constexpr int width = sizeof(Vector) / sizeof(float);
  static constexpr int vectors = Pieces * kPiece / width;
  Vector alphas[vectors], betas[vectors];

  SwishSlopes(const Slopes& from, int64_t channel) {
    for (int v = 0; v < vectors; v++) {
      readInto(alphas[v], from.alphas + channel + v * width);
      readInto(betas[v], from.betas + channel + v * width);
    }
  }

  void keep(const Slopes& from, int64_t at, float* kept) const {
    for (int v = 0; v < vectors; v++) {
      Vector x, slopes;
      readInto(x, from.numbers + at + v * width);
      readInto(slopes, from.slopes + at + v * width);
      write(kept + at + v * width, slopes * swishSlope(multiplyAdd(x, alphas[v], betas[v])));
    }
  }
};

/** Pieces of one run, from `channel` on. */
template <int Pieces, Behind behind>
void addSlopesOf(const Run& run, const Slopes& from, int64_t channel, double* first, double* second,
                 float* kept) {
  Doubles sums[Pieces], products[Pieces], means[Pieces];
  Floats alphas[Pieces] = {}, betas[Pieces] = {};
  for (int p = 0; p < Pieces; p++) {
    const int64_t c = channel + p * kPiece;
    sums[p] = products[p] = Doubles{};
    means[p] = wide(load(from.means + c));
    if constexpr (behind == Behind::relu) {
      alphas[p] = load(from.alphas + c);
      betas[p] = load(from.betas + c);
    }
  }
  using Vector = std::conditional_t<Pieces * kPiece % kLine == 0, Line, Floats>;
  const SwishSlopes<Vector, Pieces> swish(from, channel);
  const float* slopes = behind == Behind::swish ? kept : from.slopes;
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t start = place * run.stride + channel;
    readAhead(run, place, from.numbers + channel);
    readAhead(run, place, from.slopes + channel);
    if constexpr (behind == Behind::swish) swish.keep(from, start, kept);
    for (int p = 0; p < Pieces; p++) {
      const int64_t at = start + p * kPiece;
      const Floats x = load(from.numbers + at);
      const Doubles slope =
          wide(slopesBefore<behind>(load(slopes + at), x, alphas[p], betas[p]));
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
    if constexpr (behind == Behind::relu) {
      alphas[p] = load(from.alphas + c);
      betas[p] = load(from.betas + c);
    }
  }
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t start = place * run.stride + channel;
    readAhead(run, place, from.numbers + channel);
    readAhead(run, place, from.slopes + channel);
    for (int p = 0; p < Pieces; p++) {
      const int64_t at = start + p * kPiece;
      const Floats x = load(from.numbers + at);
      const Floats slope =
          slopesBefore<behind>(load(from.slopes + at), x, alphas[p], betas[p]);
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
                    double* second, float* kept) {
  double sum = 0;
  double product = 0;
  const double mean = from.means[channel];
#pragma omp simd reduction(+ : sum, product)
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t at = place * run.stride + channel;
    const float own = slopeAt<behind>(from, at, channel);
    if constexpr (behind == Behind::swish) kept[at] = own;
    const double slope = own;
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

template <Behind behind>
void addSlopesOfRun(const Run& run, const Slopes& from, double* first, double* second, float* kept) {
  int64_t c = 0;
  for (; c + 16 <= run.lanes; c += 16) {
    addSlopesOf<kMany, behind>(run, from, c, first, second, kept);
  }
  for (; c + kPiece <= run.lanes; c += kPiece) {
    addSlopesOf<1, behind>(run, from, c, first, second, kept);
  }
  for (; c < run.lanes; c++) addSlopesOfOne<behind>(run, from, c, first, second, kept);
}

template <Behind behind>
void slopesOfRun(const Run& run, const Slopes& from, const SlopeTerms& terms, float* out) {
  int64_t c = 0;
  for (; c + 16 <= run.lanes; c += 16) slopesOf<kMany, behind>(run, from, terms, c, out);
  for (; c + kPiece <= run.lanes; c += kPiece) slopesOf<1, behind>(run, from, terms, c, out);
  for (; c < run.lanes; c++) slopesOfOne<behind>(run, from, terms, c, out);
}

void addSlopes(const Run& run, const Slopes& from, double* first, double* second, float* kept) {
  switch (from.behind) {
    case Behind::nothing:
      return addSlopesOfRun<Behind::nothing>(run, from, first, second, kept);
    case Behind::relu: return addSlopesOfRun<Behind::relu>(run, from, first, second, kept);
    case Behind::swish: return addSlopesOfRun<Behind::swish>(run, from, first, second, kept);
  }
}

void slopesOfNumbers(const Run& run, const Slopes& from, const SlopeTerms& terms, float* out) {
  if (from.behind == Behind::relu) return slopesOfRun<Behind::relu>(run, from, terms, out);
  slopesOfRun<Behind::nothing>(run, from, terms, out);
}
}  // namespace

}  // namespace zico::vector
