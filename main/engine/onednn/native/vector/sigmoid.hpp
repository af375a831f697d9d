// Sigmoid and what is made of it, over vectors of any width. Included by kernels.cpp alone, once for each
// instruction set: everything in here has internal linkage.
#pragma once
#include <cstdint>

namespace zico::vector {

namespace {
/**
 * e to the x within two units of the last place: x = n ln 2 + r, and a polynomial of r (Cephes' expf).
 * Beyond the range of single precision it stays at the last number; NaN stays NaN.
 */
template <typename Floats>
inline Floats exponential(Floats x) {
  using Ints = decltype(x < x);
  const Floats highest = Floats{} + 88.0f;
  const Floats lowest = Floats{} - 87.0f;
  x = x > highest ? highest : x;
  x = x < lowest ? lowest : x;
  // The sum's last bits are the nearest whole number.
  const Floats whole = Floats{} + 12582912.0f;
  const Floats shifted = x * 1.44269504088896341f + whole;
  const Floats n = shifted - whole;
  Floats r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  Floats p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const Floats y = p * r * r + r + 1.0f;
  const Ints exponent = (Ints)shifted - (Ints)whole;
  return y * (Floats)((exponent + 127) << 23);
}

template <typename Floats>
inline Floats sigmoidOf(Floats x) {
  return 1.0f / (1.0f + exponential(-x));
}

template <typename Floats>
inline Floats swishOf(Floats x) {
  return x * sigmoidOf(x);
}

template <typename Floats>
inline Floats swishSlope(Floats x) {
  const Floats s = sigmoidOf(x);
  return s * (1.0f + x * (1.0f - s));
}

/** How many numbers are taken at a time where all are treated alike. */
constexpr int kWide = 16;
typedef float WideFloats __attribute__((vector_size(kWide * sizeof(float))));
typedef float WideLoose
    __attribute__((vector_size(kWide * sizeof(float)), aligned(4), may_alias));

inline WideFloats loadWide(const float* p) { return *reinterpret_cast<const WideLoose*>(p); }
inline void storeWide(float* p, WideFloats v) { *reinterpret_cast<WideLoose*>(p) = v; }

/** Writes `work(a, b)`, several numbers at a time; the last few are padded with zeros. */
template <typename Work>
inline void overNumbers(const float* a, const float* b, float* out, int64_t count, Work work) {
  int64_t i = 0;
  for (; i + kWide <= count; i += kWide) storeWide(out + i, work(loadWide(a + i), loadWide(b + i)));
  if (i == count) return;
  float lastA[kWide] = {}, lastB[kWide] = {}, last[kWide];
  for (int64_t k = 0; i + k < count; k++) {
    lastA[k] = a[i + k];
    lastB[k] = b[i + k];
  }
  storeWide(last, work(loadWide(lastA), loadWide(lastB)));
  for (int64_t k = 0; i + k < count; k++) out[i + k] = last[k];
}
}  // namespace

}  // namespace zico::vector
