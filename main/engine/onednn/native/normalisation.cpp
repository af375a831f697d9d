// Batch normalisation with batch statistics, with the Relu or swish behind it where there is one.
//
// The last bit of a number at its channel's mean decides on which side of a Relu it falls, and every such
// mask shows in ZiCo. So this follows the arithmetic of PyTorch 1.13's CPU kernel (aten/src/ATen/native/
// Normalization.cpp and cpu/batch_norm_kernel.cpp) to the letter: sums in double precision, a mean of
// single precision, squares of centred numbers, then one fused multiply-add with a scale and a shift.
// oneDNN's own primitive computes (x - mean) / deviation and flips other masks. In float32-winograd, whose
// last digits differ in any case, numbers and their squares are summed up in one pass.
#include <algorithm>
#include <cmath>

#include "channel-blocks.hpp"
#include "lowerings.hpp"
#include "vector/kernels.hpp"

namespace zico {

namespace {
/** Scale and shift of a channel; `data` holds all scales, then all shifts, and is empty for 1 and 0. */
struct Affine {
  const std::vector<float>& data;
  int64_t channels;
  float scale(int64_t channel) const { return data.empty() ? 1.0f : data[channel]; }
  float shift(int64_t channel) const { return data.empty() ? 0.0f : data[channels + channel]; }

  /** y = fma(x, alpha, beta). */
  float alpha(int64_t channel, float deviation) const { return deviation * scale(channel); }
  float beta(int64_t channel, float mean, float alpha) const {
    return std::fma(-mean, alpha, shift(channel));
  }
};

int scratchDoubles(Program& program, int64_t count) {
  return program.scratch(static_cast<size_t>(count) * sizeof(double));
}

int scratchFloats(Program& program, int64_t count) {
  return program.scratch(static_cast<size_t>(count) * sizeof(float));
}

/** Sums of the part that starts there, set to zero. */
double* emptied(const ChannelBlocks& blocks, double* parts, int64_t start) {
  double* own = blocks.part(parts, start);
  std::fill(own, own + 2 * blocks.block, 0.0);
  return own;
}

/** Of a single channel, whose numbers lie side by side. */
double sumOf(const vector::Run& run, const float* numbers) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t place = 0; place < run.places; place++) sum += numbers[place];
  return sum;
}

double squareOf(const vector::Run& run, const float* numbers, float mean) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t place = 0; place < run.places; place++) {
    const float centred = numbers[place] - mean;
    sum += static_cast<double>(centred * centred);
  }
  return sum;
}

Copy blocked(Program& program, int value) {
  const Copy made = program.made(value);
  return ChannelBlocks(made.desc).block == 0 ? program.plain(value) : made;
}
}  // namespace

/** x -> y, mean, inverse deviation. ints: what is behind it, as in `Behind`. floats: epsilon. */
void batchNormalization(Program& program, const Step& step) {
  const Copy x = blocked(program, step.inputs[0]);
  const ChannelBlocks blocks(program.ofBatch(x.desc));
  const int64_t channels = blocks.channels;
  const int together = program.together();
  const Desc perBatch = rowMajor({together * channels});
  const Copy means = program.out(step.outputs[1], perBatch);
  const Copy deviations = program.out(step.outputs[2], perBatch);
  const int parts = program.scratch(blocks.partBytes());
  const int totals = scratchDoubles(program, 2 * channels);
  const int alphas = scratchFloats(program, blocks.padded());
  const int betas = scratchFloats(program, blocks.padded());
  const Copy y = program.out(step.outputs[0], x.desc);
  const auto behind = static_cast<vector::Behind>(step.ints[0]);
  const double epsilon = step.floats[0];
  const bool momentsAtOnce = program.winograd();
  const std::vector<int> touched{x.buffer, means.buffer, deviations.buffer, parts,
                                 totals,   alphas,       betas,             y.buffer};
  const auto normaliseBatch = [=, &program, &step](int batch) {
    const int64_t origin = batch * blocks.numbers();
    const float* numbers = program.at(x) + origin;
    float* mean = program.at(means) + batch * channels;
    float* deviation = program.at(deviations) + batch * channels;
    double* sums = reinterpret_cast<double*>(program.at(totals));
    double* partial = reinterpret_cast<double*>(program.at(parts));
    float* alpha = program.at(alphas);
    float* beta = program.at(betas);
    std::fill(alpha, alpha + blocks.padded(), 0.0f);
    std::fill(beta, beta + blocks.padded(), 0.0f);
    float* out = program.at(y) + origin;
    const auto& kernels = vector::kernels();
    const auto add = [=, &kernels](int64_t start, int64_t, const vector::Run& run) {
      double* own = emptied(blocks, partial, start);
      if (run.lanes == 1) *own = sumOf(run, numbers + start);
      else kernels.addNumbers(run, numbers + start, own);
    };
    const auto setMeans = [=](int64_t first) {
      blocks.addParts(partial, first, sums);
      for (int64_t channel = first; channel < blocks.endOf(first); channel++) {
        beta[channel] = static_cast<float>(sums[2 * channel] / blocks.count());
        mean[channel] = beta[channel];
      }
    };
    const auto addSquares = [=, &kernels](int64_t start, int64_t channel, const vector::Run& run) {
      double* own = emptied(blocks, partial, start);
      if (run.lanes == 1) *own = squareOf(run, numbers + start, beta[channel]);
      else kernels.addSquares(run, numbers + start, beta + channel, own);
    };
    const Affine affine{step.data, channels};
    const auto setTerm = [=](int64_t channel, double variance) {
      const float d = static_cast<float>(1 / std::sqrt(variance + epsilon));
      deviation[channel] = d;
      alpha[channel] = affine.alpha(channel, d);
      beta[channel] = affine.beta(channel, mean[channel], alpha[channel]);
    };
    const auto setTerms = [=](int64_t first) {
      blocks.addParts(partial, first, sums);
      for (int64_t channel = first; channel < blocks.endOf(first); channel++) {
        setTerm(channel, sums[2 * channel] / blocks.count());
      }
    };
    // Where the last digits may differ, one pass does the work of two.
    const auto addMoments = [=, &kernels](int64_t start, int64_t, const vector::Run& run) {
      double* own = emptied(blocks, partial, start);
      kernels.addMoments(run, numbers + start, own, own + blocks.block);
    };
    const auto setAll = [=](int64_t first) {
      blocks.addParts(partial, first, sums);
      for (int64_t channel = first; channel < blocks.endOf(first); channel++) {
        const double m = sums[2 * channel] / blocks.count();
        mean[channel] = static_cast<float>(m);
        setTerm(channel, std::max(0.0, sums[2 * channel + 1] / blocks.count() - m * m));
      }
    };
    const auto normalise = [=, &kernels](int64_t start, int64_t channel, const vector::Run& run) {
      kernels.normalise(run, numbers + start, alpha + channel, beta + channel, behind, out + start);
    };
    if (momentsAtOnce) return blocks.inTurn({{addMoments, setAll}, {normalise, nullptr}});
    blocks.inTurn({{add, setMeans}, {addSquares, setTerms}, {normalise, nullptr}});
  };
  program.act(touched, [=](dnnl::stream&) {
    for (int batch = 0; batch < together; batch++) normaliseBatch(batch);
  });
}

/**
 * gradient of y, x, mean, inverse deviation -> gradient of x. ints: what is part of y, as in `Behind`;
 * a Relu's mask is computed again from x, to the same bit, which reads less memory than y would.
 */
void batchNormalizationGradient(Program& program, const Step& step) {
  const Copy x = blocked(program, step.inputs[1]);
  const ChannelBlocks blocks(program.ofBatch(x.desc));
  const int64_t channels = blocks.channels;
  const int together = program.together();
  const Copy gradient = program.in(step.inputs[0], x.desc);
  const Copy mean = program.made(step.inputs[2]);
  const Copy deviation = program.made(step.inputs[3]);
  const auto behind = static_cast<vector::Behind>(step.ints[0]);
  const int parts = program.scratch(blocks.partBytes());
  const int totals = scratchDoubles(program, 2 * channels);
  const int perChannel = scratchFloats(program, 6 * blocks.padded());
  const Copy result = program.out(step.outputs[0], x.desc, step.inputs[0]);
  const std::vector<int> touched{x.buffer, gradient.buffer, mean.buffer, deviation.buffer,
                                 parts,    totals,          perChannel,  result.buffer};
  const auto slopesOfBatch = [=, &program, &step](int batch) {
    const float* ownMeans = program.at(mean) + batch * channels;
    const float* deviations = program.at(deviation) + batch * channels;
    float* means = program.at(perChannel);
    float* scales = means + blocks.padded();
    float* shares = scales + blocks.padded();
    float* tilts = shares + blocks.padded();
    float* alphas = tilts + blocks.padded();
    float* betas = alphas + blocks.padded();
    std::fill(means, means + 6 * blocks.padded(), 0.0f);
    const Affine affine{step.data, channels};
    for (int64_t channel = 0; channel < channels; channel++) {
      means[channel] = ownMeans[channel];
      alphas[channel] = affine.alpha(channel, deviations[channel]);
      betas[channel] = affine.beta(channel, means[channel], alphas[channel]);
      scales[channel] = alphas[channel];
    }
    const int64_t origin = batch * blocks.numbers();
    const float* numbers = program.at(x) + origin;
    const float* slopes = program.at(gradient) + origin;
    float* out = program.at(result) + origin;
    double* partial = reinterpret_cast<double*>(program.at(parts));
    double* sums = reinterpret_cast<double*>(program.at(totals));
    const auto read = [=](const float* from, int64_t start, int64_t channel) {
      return vector::Slopes{numbers + start,  from + start,    means + channel,
                            alphas + channel, betas + channel, behind};
    };
    const auto& kernels = vector::kernels();
    const auto add = [=, &kernels](int64_t start, int64_t channel, const vector::Run& run) {
      double* own = emptied(blocks, partial, start);
      kernels.addSlopes(run, read(slopes, start, channel), own, own + blocks.block, out + start);
    };
    const auto setTerms = [=](int64_t first) {
      blocks.addParts(partial, first, sums);
      for (int64_t channel = first; channel < blocks.endOf(first); channel++) {
        const float d = deviations[channel];
        shares[channel] = static_cast<float>(sums[2 * channel] / blocks.count());
        tilts[channel] = static_cast<float>(sums[2 * channel + 1] * d * d / blocks.count());
      }
    };
    // The first pass left the slopes before a swish where the result comes.
    const float* before = behind == vector::Behind::swish ? out : slopes;
    const auto slope = [=, &kernels](int64_t start, int64_t channel, const vector::Run& run) {
      const vector::SlopeTerms terms{shares + channel, tilts + channel, scales + channel};
      kernels.slopesOfNumbers(run, read(before, start, channel), terms, out + start);
    };
    blocks.inTurn({{add, setTerms}, {slope, nullptr}});
  };
  program.act(touched, [=](dnnl::stream&) {
    for (int batch = 0; batch < together; batch++) slopesOfBatch(batch);
  });
}

}  // namespace zico
