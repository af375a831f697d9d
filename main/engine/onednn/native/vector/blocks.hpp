// Weights into blocks of channels, by transpositions. Included by kernels.cpp alone, once for each instruction set.
#pragma once
#include "kernels.hpp"
#include "transpose.hpp"

namespace zico::vector {

namespace {
#if defined(__AVX2__)
/** Rows of eight numbers become columns; the one with number i goes to `place(i)`. */
template <typename Place>
inline void turnEight(const float* from, int64_t stride, Place place) {
  __m256 rows[8];
  for (int64_t i = 0; i < 8; i++) rows[i] = _mm256_loadu_ps(from + i * stride);
  transposeEight(rows);
  for (int64_t i = 0; i < 8; i++) _mm256_storeu_ps(place(i), rows[i]);
}

void outputsInside(const WeightBlock& b, float* out) {
  for (int64_t row = 0; row < b.block; row += 8) {
    const float* from = b.numbers + row * b.stride;
    int64_t in = 0, place = 0;
    for (int64_t column = 0; column < b.block * b.places; column += 8) {
      turnEight(from + column, b.stride, [&](int64_t) {
        float* to = out + place * b.step + in * b.block + row;
        if (++place == b.places) {
          place = 0;
          in++;
        }
        return to;
      });
    }
  }
}

void inputsInside(const WeightBlock& b, float* out) {
  const int64_t whole = b.places / 8 * 8;
  for (int64_t row = 0; row < b.block; row++) {
    for (int64_t in = 0; in < b.block; in += 8) {
      const float* from = b.numbers + row * b.stride + in * b.places;
      float* to = out + row * b.block + in;
      if (b.places == 1) {
        _mm256_storeu_ps(to, _mm256_loadu_ps(from));
        continue;
      }
      for (int64_t place = 0; place < whole; place += 8) {
        turnEight(from + place, b.places, [&](int64_t i) { return to + (place + i) * b.step; });
      }
      for (int64_t place = whole; place < b.places; place++) {
        for (int64_t i = 0; i < 8; i++) to[place * b.step + i] = from[i * b.places + place];
      }
    }
  }
}
#else
// Without such transpositions oneDNN's reorders are as fast.
constexpr void (*outputsInside)(const WeightBlock&, float*) = nullptr;
constexpr void (*inputsInside)(const WeightBlock&, float*) = nullptr;
#endif
}  // namespace

}  // namespace zico::vector
