// Sums of ZiCo in double precision, in an order that is the same in every instruction set. Included by
// kernels.cpp alone.
#pragma once
#include <cstdint>

namespace zico::vector {

namespace {
constexpr int kSums = 8;
typedef double SumDoubles __attribute__((vector_size(kSums * sizeof(double))));
typedef int64_t SumBits __attribute__((vector_size(kSums * sizeof(double))));
typedef float SumFloats __attribute__((vector_size(kSums * sizeof(float)), aligned(4), may_alias));

inline SumDoubles wideAt(const float* p) {
  return __builtin_convertvector(*reinterpret_cast<const SumFloats*>(p), SumDoubles);
}

inline SumDoubles absolute(SumDoubles x) {
  return (SumDoubles)((SumBits)x & INT64_C(0x7fffffffffffffff));
}

inline double total(SumDoubles a, SumDoubles b) {
  a += b;
  double sum = 0;
  for (int i = 0; i < kSums; i++) sum += a[i];
  return sum;
}

/** mean|g| / std of two batches = (|a| + |b|) / |a - b|; 0 where they are equal. */
inline SumDoubles pairTerm(SumDoubles a, SumDoubles b) {
  const SumDoubles difference = absolute(a - b);
  const SumDoubles term = (absolute(a) + absolute(b)) / difference;
  return difference == 0 ? SumDoubles{} : term;
}

inline double squares(const float* numbers, int64_t count) {
  SumDoubles even{}, odd{};
  int64_t i = 0;
  for (; i + 2 * kSums <= count; i += 2 * kSums) {
    const SumDoubles a = wideAt(numbers + i);
    const SumDoubles b = wideAt(numbers + i + kSums);
    even += a * a;
    odd += b * b;
  }
  double sum = total(even, odd);
  for (; i < count; i++) sum += static_cast<double>(numbers[i]) * numbers[i];
  return sum;
}

inline void pairSums(const float* a, const float* b, int64_t count, double cap, double* sums) {
  SumDoubles sum{}, capped{};
  const SumDoubles most = SumDoubles{} + cap;
  const auto add = [&](SumDoubles first, SumDoubles second) {
    const SumDoubles term = pairTerm(first, second);
    sum += term;
    capped += most < term ? most : term;
  };
  int64_t i = 0;
  for (; i + kSums <= count; i += kSums) add(wideAt(a + i), wideAt(b + i));
  if (i < count) {
    // Of two zeros the term is zero.
    float lastA[kSums] = {}, lastB[kSums] = {};
    for (int64_t k = 0; i + k < count; k++) {
      lastA[k] = a[i + k];
      lastB[k] = b[i + k];
    }
    add(wideAt(lastA), wideAt(lastB));
  }
  sums[0] = total(sum, SumDoubles{});
  sums[1] = total(capped, SumDoubles{});
}
}  // namespace

}  // namespace zico::vector
