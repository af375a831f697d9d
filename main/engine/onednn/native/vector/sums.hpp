// Sums of ZiCo in double precision, in an order that is the same in every instruction set. Included by
// kernels.cpp alone.
#pragma once
#include <cstdint>

#if defined(__FMA__)
#include <immintrin.h>
#endif

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

/** a b + c, rounded once. */
inline SumDoubles multiplyAdd(SumDoubles a, SumDoubles b, SumDoubles c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_pd(a, b, c);
#elif defined(__FMA__)
  const auto* x = reinterpret_cast<const __m256d*>(&a);
  const auto* y = reinterpret_cast<const __m256d*>(&b);
  auto* z = reinterpret_cast<__m256d*>(&c);
  for (int half = 0; half < 2; half++) z[half] = _mm256_fmadd_pd(x[half], y[half], z[half]);
  return c;
#else
  for (int i = 0; i < kSums; i++) c[i] = __builtin_fma(a[i], b[i], c[i]);
  return c;
#endif
}

inline SumDoubles root(SumDoubles x) {
#if defined(__AVX512F__)
  return _mm512_maskz_sqrt_pd(0xff, x);  // all eight: without a mask the compiler warns about its own header
#elif defined(__FMA__)
  auto* halves = reinterpret_cast<__m256d*>(&x);
  for (int half = 0; half < 2; half++) halves[half] = _mm256_sqrt_pd(halves[half]);
  return x;
#else
  for (int i = 0; i < kSums; i++) x[i] = __builtin_sqrt(x[i]);
  return x;
#endif
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
    // Two zeros make the term zero.
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
/** Means and squared deviations by Welford 1962, and the absolute values' sum. */
struct Spread {
  SumDoubles mean{}, squares{}, absolutes{};

  void add(SumDoubles g, double batch) {
    const SumDoubles delta = g - mean;
    mean += delta / batch;
    squares = multiplyAdd(delta, g - mean, squares);
    absolutes += absolute(g);
  }

  /** mean|g| / std; 0 where all are equal. */
  SumDoubles term(double batches) const {
    const SumDoubles deviation = root(squares / batches);
    const SumDoubles term = absolutes / batches / deviation;
    return deviation == 0 ? SumDoubles{} : term;
  }
};

inline void batchSums(const float* const* batches, int64_t size, int64_t start, int64_t count,
                      double cap, double* sums) {
  const auto number = static_cast<double>(size);
  double sum = 0, capped = 0;
  for (int64_t i = 0; i < count; i += kSums) {
    const int64_t here = count - i < kSums ? count - i : kSums;
    Spread spread;
    for (int64_t b = 0; b < size; b++) {
      const float* own = batches[b] + start + i;
      float last[kSums] = {};
      if (here < kSums) {
        for (int64_t k = 0; k < here; k++) last[k] = own[k];
        own = last;
      }
      spread.add(wideAt(own), static_cast<double>(b + 1));
    }
    const SumDoubles term = spread.term(number);
    for (int64_t k = 0; k < here; k++) {
      sum += term[k];
      capped += cap < term[k] ? cap : term[k];
    }
  }
  sums[0] = sum;
  sums[1] = capped;
}
}  // namespace

}  // namespace zico::vector
