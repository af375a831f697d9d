// One generator takes its steps one after the other; eight, each an eighth of the sequence ahead of the last, take
// theirs side by side. Included by kernels.cpp alone, once for each instruction set.
#pragma once
#include "kernels.hpp"
#include "transpose.hpp"

namespace zico::vector {

namespace {
#if defined(__AVX2__)
static_assert(kDrawnLanes == 8, "the transposition is one of eight by eight");
typedef uint64_t States __attribute__((vector_size(64)));
typedef int32_t DrawnBits __attribute__((vector_size(32)));
typedef float DrawnFloats __attribute__((vector_size(32)));
typedef double DrawnDoubles __attribute__((vector_size(64)));

/** A number of each of eight generators (xoroshiro.hpp), in [-bound, bound). */
inline DrawnFloats drawEight(States& a, States& b, double bound) {
  const DrawnBits bits = __builtin_convertvector(a + b, DrawnBits);
  const States mixed = a ^ b;
  a = (a << 24 | a >> 40) ^ mixed ^ mixed << 16;
  b = mixed << 37 | mixed >> 27;
  return __builtin_convertvector(
      __builtin_convertvector(bits, DrawnDoubles) / 2147483648.0 * bound, DrawnFloats);
}

void drawLanes(const uint64_t* as, const uint64_t* bs, double bound, float* out, int64_t each) {
  States a, b;
  __builtin_memcpy(&a, as, sizeof a);
  __builtin_memcpy(&b, bs, sizeof b);
  int64_t place = 0;
  for (; place + kDrawnLanes <= each; place += kDrawnLanes) {
    __m256 rows[kDrawnLanes];
    for (int64_t i = 0; i < kDrawnLanes; i++) rows[i] = drawEight(a, b, bound);
    transposeEight(rows);
    for (int64_t lane = 0; lane < kDrawnLanes; lane++) {
      _mm256_storeu_ps(out + lane * each + place, rows[lane]);
    }
  }
  for (; place < each; place++) {
    const DrawnFloats numbers = drawEight(a, b, bound);
    for (int64_t lane = 0; lane < kDrawnLanes; lane++) out[lane * each + place] = numbers[lane];
  }
}
#else
// Vectors that the compiler has to take apart are slower than one generator.
constexpr void (*drawLanes)(const uint64_t*, const uint64_t*, double, float*, int64_t) = nullptr;
#endif
}  // namespace

}  // namespace zico::vector
