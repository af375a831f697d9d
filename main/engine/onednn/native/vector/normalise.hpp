// Batch normalisation forwards: sums of numbers and of their squares, and the result for each number.
// Included by kernels.cpp alone.
#pragma once
#include "pieces.hpp"

namespace zico::vector {

namespace {
/** Adds up `term(numbers, piece)` over the pieces of one run from `channel` on. */
template <int Pieces, typename Term>
inline void addTerms(const Run& run, const float* numbers, int64_t channel, double* sums, Term term) {
  Doubles own[Pieces];
  for (int p = 0; p < Pieces; p++) own[p] = Doubles{};
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t start = place * run.stride + channel;
    readAhead(run, place, numbers + channel);
    for (int p = 0; p < Pieces; p++) own[p] += term(load(numbers + start + p * kPiece), p);
  }
  for (int p = 0; p < Pieces; p++) {
    for (int i = 0; i < kPiece; i++) sums[channel + p * kPiece + i] += own[p][i];
  }
}

template <int Pieces>
void addNumbersOf(const Run& run, const float* numbers, int64_t channel, double* sums) {
  addTerms<Pieces>(run, numbers, channel, sums, [](Floats x, int) { return wide(x); });
}

template <int Pieces>
void addSquaresOf(const Run& run, const float* numbers, const float* means, int64_t channel,
                  double* sums) {
  Floats mean[Pieces];
  for (int p = 0; p < Pieces; p++) mean[p] = load(means + channel + p * kPiece);
  addTerms<Pieces>(run, numbers, channel, sums, [&](Floats x, int p) {
    const Floats centred = x - mean[p];
    return wide(centred * centred);
  });
}

void addNumbers(const Run& run, const float* numbers, double* sums) {
  int64_t c = 0;
  for (; c + 16 <= run.lanes; c += 16) addNumbersOf<kMany>(run, numbers, c, sums);
  for (; c + kPiece <= run.lanes; c += kPiece) addNumbersOf<1>(run, numbers, c, sums);
  for (; c < run.lanes; c++) {
    double sum = 0;
    for (int64_t place = 0; place < run.places; place++) sum += numbers[place * run.stride + c];
    sums[c] += sum;
  }
}

void addSquares(const Run& run, const float* numbers, const float* means, double* sums) {
  int64_t c = 0;
  for (; c + 16 <= run.lanes; c += 16) addSquaresOf<kMany>(run, numbers, means, c, sums);
  for (; c + kPiece <= run.lanes; c += kPiece) addSquaresOf<1>(run, numbers, means, c, sums);
  for (; c < run.lanes; c++) {
    double sum = 0;
    for (int64_t place = 0; place < run.places; place++) {
      const float centred = numbers[place * run.stride + c] - means[c];
      sum += static_cast<double>(centred * centred);
    }
    sums[c] += sum;
  }
}

template <int Pieces>
void addMomentsOf(const Run& run, const float* numbers, int64_t channel, double* sums, double* squares) {
  Doubles first[Pieces], second[Pieces];
  for (int p = 0; p < Pieces; p++) first[p] = second[p] = Doubles{};
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t start = place * run.stride + channel;
    readAhead(run, place, numbers + channel);
    for (int p = 0; p < Pieces; p++) {
      const Doubles x = wide(load(numbers + start + p * kPiece));
      first[p] += x;
      second[p] += x * x;
    }
  }
  for (int p = 0; p < Pieces; p++) {
    for (int i = 0; i < kPiece; i++) {
      sums[channel + p * kPiece + i] += first[p][i];
      squares[channel + p * kPiece + i] += second[p][i];
    }
  }
}

void addMoments(const Run& run, const float* numbers, double* sums, double* squares) {
  int64_t c = 0;
  for (; c + 16 <= run.lanes; c += 16) addMomentsOf<kMany>(run, numbers, c, sums, squares);
  for (; c + kPiece <= run.lanes; c += kPiece) addMomentsOf<1>(run, numbers, c, sums, squares);
  for (; c < run.lanes; c++) {
    double first = 0, second = 0;
    for (int64_t place = 0; place < run.places; place++) {
      const double x = numbers[place * run.stride + c];
      first += x;
      second += x * x;
    }
    sums[c] += first;
    squares[c] += second;
  }
}

template <Behind behind, typename Vector>
inline Vector after(Vector y) {
  if constexpr (behind == Behind::swish) return swishOf(y);
  if constexpr (behind == Behind::relu) return y < 0 ? Vector{} : y;  // NaN stays NaN
  return y;
}

/** Lines of 16 channels. */
template <Behind behind>
void normaliseLines(const Run& run, const float* numbers, const float* alphas, const float* betas,
                    int64_t channel, float* out) {
  constexpr int lines = 16 / kLine;
  Line alpha[lines], beta[lines];
  for (int p = 0; p < lines; p++) {
    readInto(alpha[p], alphas + channel + p * kLine);
    readInto(beta[p], betas + channel + p * kLine);
  }
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t start = place * run.stride + channel;
    readAhead(run, place, numbers + channel);
    for (int p = 0; p < lines; p++) {
      const int64_t at = start + p * kLine;
      Line x;
      readInto(x, numbers + at);
      write(out + at, after<behind>(multiplyAdd(x, alpha[p], beta[p])));
    }
  }
}

template <Behind behind>
void normalisePiece(const Run& run, const float* numbers, const float* alphas, const float* betas,
                    int64_t channel, float* out) {
  const Floats alpha = load(alphas + channel);
  const Floats beta = load(betas + channel);
  for (int64_t place = 0; place < run.places; place++) {
    const int64_t at = place * run.stride + channel;
    store(out + at, after<behind>(multiplyAdd(load(numbers + at), alpha, beta)));
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
    normaliseLines<behind>(run, numbers, alphas, betas, c, out);
  }
  for (; c + kPiece <= run.lanes; c += kPiece) {
    normalisePiece<behind>(run, numbers, alphas, betas, c, out);
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
}  // namespace

}  // namespace zico::vector
