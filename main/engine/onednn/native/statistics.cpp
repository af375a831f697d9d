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

int64_t partsOf(int64_t count) { return (count + kPart - 1) / kPart; }

template <typename Term>
double inParts(int64_t count, Term term) {
  const int64_t parts = partsOf(count);
  std::vector<double> sums(static_cast<size_t>(parts));
#pragma omp parallel for schedule(static)
  for (int64_t part = 0; part < parts; part++) {
    double sum = 0;
    const int64_t end = std::min(count, (part + 1) * kPart);
    for (int64_t i = part * kPart; i < end; i++) sum += term(i);
    sums[static_cast<size_t>(part)] = sum;
  }
  double total = 0;
  for (double sum : sums) total += sum;
  return total;
}

double normOf(const float* g, int64_t count) {
  const int64_t parts = partsOf(count);
  std::vector<double> sums(static_cast<size_t>(parts));
  const auto& kernels = vector::kernels();
#pragma omp parallel for schedule(static)
  for (int64_t part = 0; part < parts; part++) {
    const int64_t start = part * kPart;
    sums[static_cast<size_t>(part)] = kernels.squares(g + start, std::min(kPart, count - start));
  }
  return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
}

/** Of two batches. */
void sumPairs(const float* a, const float* b, int64_t count, double cap, LayerResult& result) {
  const int64_t parts = partsOf(count);
  std::vector<double> sums(static_cast<size_t>(2 * parts));
  const auto& kernels = vector::kernels();
#pragma omp parallel for schedule(static)
  for (int64_t part = 0; part < parts; part++) {
    const int64_t start = part * kPart;
    kernels.pairSums(a + start, b + start, std::min(kPart, count - start), cap, &sums[2 * part]);
  }
  for (int64_t part = 0; part < parts; part++) {
    result.sum += sums[2 * part];
    result.sumCapped += sums[2 * part + 1];
  }
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
    if (pair) {
      float* first = program.at(kept);
      if (!last) {
        std::copy(g, g + count, first);
        return;
      }
      sumPairs(first, g, count, cap, result);
      return;
    }
    double* state = reinterpret_cast<double*>(program.at(kept));
    update(state, g, count, static_cast<double>(batch + 1));
    if (!last) return;
    const auto all = static_cast<double>(batches);
    result.sum = inParts(count, [=](int64_t i) { return streamedTerm(state + 3 * i, all); });
    result.sumCapped = inParts(
        count, [=](int64_t i) { return std::min(cap, streamedTerm(state + 3 * i, all)); });
  });
}

}  // namespace zico
