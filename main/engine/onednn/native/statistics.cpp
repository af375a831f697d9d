// ZiCo's inner sum and the gradient norms of one layer, in double precision, batch by batch.
// Padding of a blocked layout is zero in every batch and so adds nothing.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "program.hpp"
#include "vector/kernels.hpp"

namespace zico {

namespace {
/** Sums are made of parts of this size, whatever the number of threads. */
constexpr int64_t kPart = 1 << 14;

/** What `sumOf(start, count)` says of each part, added up in their order. */
template <typename Sum, typename SumOf>
Sum inParts(int64_t count, SumOf sumOf) {
  const int64_t parts = (count + kPart - 1) / kPart;
  std::vector<Sum> sums(static_cast<size_t>(parts));
#pragma omp parallel for schedule(static)
  for (int64_t part = 0; part < parts; part++) {
    const int64_t start = part * kPart;
    sums[static_cast<size_t>(part)] = sumOf(start, std::min(kPart, count - start));
  }
  return std::accumulate(sums.begin(), sums.end(), Sum{});
}

/** ZiCo's terms, as they are and with each at most the cap. */
struct Terms {
  double sum = 0;
  double capped = 0;
  Terms operator+(const Terms& other) const { return {sum + other.sum, capped + other.capped}; }
};

double normOf(const float* g, int64_t count) {
  const auto& kernels = vector::kernels();
  return std::sqrt(inParts<double>(count, [&](int64_t start, int64_t length) {
    return kernels.squares(g + start, length);
  }));
}

/** Of two batches. */
Terms pairTerms(const float* a, const float* b, int64_t count, double cap) {
  const auto& kernels = vector::kernels();
  return inParts<Terms>(count, [&](int64_t start, int64_t length) {
    double sums[2];
    kernels.pairSums(a + start, b + start, length, cap, sums);
    return Terms{sums[0], sums[1]};
  });
}

/** Means and squared deviations by Welford 1962; three doubles a weight. */
void update(double* state, const float* g, int64_t count, double batch) {
#pragma omp parallel for schedule(static)
  for (int64_t i = 0; i < count; i++) {
    double* own = state + 3 * i;
    if (batch == 1) own[0] = own[1] = own[2] = 0;
    const double delta = g[i] - own[0];
    own[0] += delta / batch;
    own[1] += delta * (g[i] - own[0]);
    own[2] += std::abs(static_cast<double>(g[i]));
  }
}

double streamedTerm(const double* own, double batches) {
  const double deviation = std::sqrt(own[1] / batches);
  return deviation == 0 ? 0 : own[2] / batches / deviation;
}

Terms streamedTerms(const double* state, int64_t count, double cap, double batches) {
  return inParts<Terms>(count, [=](int64_t start, int64_t length) {
    Terms terms;
    for (int64_t i = start; i < start + length; i++) {
      const double term = streamedTerm(state + 3 * i, batches);
      terms.sum += term;
      terms.capped += std::min(cap, term);
    }
    return terms;
  });
}
}  // namespace

void gather(Program& program, int gradient, size_t layer, size_t batches) {
  const Copy own = program.made(gradient);
  const int64_t count = static_cast<int64_t>(own.desc.get_size() / sizeof(float));
  const bool pair = batches == 2;
  const size_t each = pair ? sizeof(float) : 3 * sizeof(double);
  const int kept = program.persistent(static_cast<size_t>(count) * each);
  program.act({own.buffer, kept}, [=, &program](dnnl::stream&) {
    const float* g = program.at(own);
    LayerResult& result = program.result().layers[layer];
    result.norms.push_back(normOf(g, count));
    const size_t batch = program.batchIndex();
    const double cap = program.termCap();
    const bool last = batch + 1 == batches;
    Terms terms;
    if (pair) {
      float* first = program.at(kept);
      if (!last) {
        std::copy(g, g + count, first);
        return;
      }
      terms = pairTerms(first, g, count, cap);
    } else {
      double* state = reinterpret_cast<double*>(program.at(kept));
      update(state, g, count, static_cast<double>(batch + 1));
      if (!last) return;
      terms = streamedTerms(state, count, cap, static_cast<double>(batches));
    }
    result.sum = terms.sum;
    result.sumCapped = terms.capped;
  });
}

}  // namespace zico
