// Numbers taken together by the loops over runs of channels. Included by normalise.hpp and slopes.hpp
// alone, once for each instruction set.
#pragma once
#include "kernels.hpp"
#include "sigmoid.hpp"

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
/** Pieces of 16 channels, one line of memory. */
constexpr int kMany = 16 / kPiece;

typedef float Floats __attribute__((vector_size(kPiece * sizeof(float))));
typedef double Doubles __attribute__((vector_size(kPiece * sizeof(double))));
typedef float Loose __attribute__((vector_size(kPiece * sizeof(float)), aligned(4), may_alias));

inline Floats load(const float* p) { return *reinterpret_cast<const Loose*>(p); }
inline void store(float* p, Floats v) { *reinterpret_cast<Loose*>(p) = v; }

/** Rounded once. */
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

inline Doubles wide(Floats v) {
#if defined(__AVX512F__)
  return _mm512_maskz_cvtps_pd(0xff, v);  // all eight at once; the compiler makes slower code of the line below
#else
  return __builtin_convertvector(v, Doubles);
#endif
}

/**
 * How many numbers formulas in single precision take at a time, where the processor has vectors of that width.
 * Results do not depend on the width.
 */
#if defined(__AVX512F__)
typedef WideFloats Line;
inline Line multiplyAdd(Line x, Line a, Line b) { return _mm512_fmadd_ps(x, a, b); }
inline void readInto(Line& v, const float* p) { v = loadWide(p); }
inline void write(float* p, Line v) { storeWide(p, v); }
#else
typedef Floats Line;
#endif
constexpr int kLine = sizeof(Line) / sizeof(float);
inline void readInto(Floats& v, const float* p) { v = load(p); }
inline void write(float* p, Floats v) { store(p, v); }

/**
 * Prefetches numbers that the loop over a run reads soon. In a long formula the processor does not see the
 * next reads early enough by itself, which is three times as slow on some servers.
 */
inline void readAhead(const Run& run, int64_t place, const float* numbers) {
  constexpr int64_t ahead = 32;
  const int64_t far = place + ahead;
  __builtin_prefetch(numbers + (far < run.places ? far : far + run.skip) * run.stride);
}
}  // namespace

}  // namespace zico::vector
