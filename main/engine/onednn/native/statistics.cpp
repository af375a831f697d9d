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

/** `sumOf(start, count)` of each part, added up in their order. */
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

/** Over all batches, once their gradients are available. */
Terms termsOf(const std::vector<const float*>& batches, int64_t count, double cap) {
  const auto& kernels = vector::kernels();
  const auto size = static_cast<int64_t>(batches.size());
  return inParts<Terms>(count, [&](int64_t start, int64_t length) {
    double sums[2];
    if (size == 2) kernels.pairSums(batches[0] + start, batches[1] + start, length, cap, sums);
    else kernels.batchSums(batches.data(), size, start, length, cap, sums);
    return Terms{sums[0], sums[1]};
  });
}

void setTerms(LayerResult& result, const Terms& terms) {
  result.sum = terms.sum;
  result.sumCapped = terms.capped;
}

/** Up to this many batches, gradients take less memory and bandwidth than sums in double precision. */
constexpr size_t kMostKept = 6;

/** What is kept of a weight between batches. */
size_t keptBytes(size_t batches) {
  return batches <= kMostKept ? (batches - 1) * sizeof(float) : 3 * sizeof(double);
}

/** Statistics of a layer whose batches come one after the other. */
void gatherInTurn(Program& program, const Copy& own, size_t layer) {
  const int64_t count = static_cast<int64_t>(own.desc.get_size() / sizeof(float));
  const size_t batches = program.batches();
  const int kept = program.keptOf(layer, static_cast<size_t>(count) * keptBytes(batches));
  const int part = program.part();
  program.act({own.buffer, kept}, [=, &program](dnnl::stream&) {
    const float* g = program.at(own);
    LayerResult& result = program.result().layers[layer];
    result.norms.push_back(normOf(g, count));
    const size_t batch = program.batchIndex(part);
    const bool last = batch + 1 == batches;
    if (batches <= kMostKept) {
      float* earlier = program.at(kept);
      if (!last) {
        std::copy(g, g + count, earlier + static_cast<int64_t>(batch) * count);
        return;
      }
      std::vector<const float*> gradients;
      for (size_t i = 0; i + 1 < batches; i++) gradients.push_back(earlier + static_cast<int64_t>(i) * count);
      gradients.push_back(g);
      return setTerms(result, termsOf(gradients, count, program.termCap()));
    }
    double* state = reinterpret_cast<double*>(program.at(kept));
    update(state, g, count, static_cast<double>(batch + 1));
    if (last) setTerms(result, streamedTerms(state, count, program.termCap(), static_cast<double>(batches)));
  });
}

/** The gradients of all batches are available. */
void gatherAtOnce(Program& program, const std::vector<Copy>& parts, size_t layer) {
  const int64_t count = static_cast<int64_t>(parts[0].desc.get_size() / sizeof(float));
  std::vector<int> touched;
  for (const Copy& part : parts) touched.push_back(part.buffer);
  program.act(touched, [=, &program](dnnl::stream&) {
    std::vector<const float*> gradients;
    for (const Copy& part : parts) gradients.push_back(program.at(part));
    LayerResult& result = program.result().layers[layer];
    for (const float* g : gradients) result.norms.push_back(normOf(g, count));
    setTerms(result, termsOf(gradients, count, program.termCap()));
  });
}
}  // namespace

void gather(Program& program, const std::vector<Copy>& parts, size_t layer) {
  const size_t batches = program.batches();
  if (batches > 1 && static_cast<size_t>(program.together()) == batches) {
    if (parts.size() == batches) gatherAtOnce(program, parts, layer);
    return;
  }
  gatherInTurn(program, parts.back(), layer);
}

}  // namespace zico
