// Batch normalisation with batch statistics, with the Relu or swish behind it where there is one.
//
// A number that lies on its channel's mean falls on either side of a Relu by its last bit, and ZiCo feels
// each such mask. So this follows the arithmetic of PyTorch 1.13's CPU kernel (aten/src/ATen/native/
// Normalization.cpp and cpu/batch_norm_kernel.cpp) to the letter: sums in double precision, a mean of
// single precision, squares of centred numbers, then one fused multiply-add with a scale and a shift.
// oneDNN's own primitive computes (x - mean) / deviation and flips other masks.
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

Copy blocked(Program& program, int value) {
  const Copy made = program.made(value);
  return ChannelBlocks(made.desc).block == 0 ? program.plain(value) : made;
}
}  // namespace

/** x -> y, mean, inverse deviation. ints: what is behind it, as in `Behind`. floats: epsilon. */
void batchNormalization(Program& program, const Step& step) {
  const Copy x = blocked(program, step.inputs[0]);
  const ChannelBlocks blocks(x.desc);
  const int64_t channels = blocks.channels;
  const Copy mean = program.outPlain(step.outputs[1]);
  const Copy deviation = program.outPlain(step.outputs[2]);
  const int parts = program.scratch(blocks.partBytes());
  const int totals = scratchDoubles(program, 2 * channels);
  const int alphas = scratchFloats(program, blocks.padded());
  const int betas = scratchFloats(program, blocks.padded());
  const Copy y = program.out(step.outputs[0], x.desc);
  const auto behind = static_cast<vector::Behind>(step.ints[0]);
  const double epsilon = step.floats[0];
  const std::vector<int> touched{x.buffer, mean.buffer, deviation.buffer, parts,
                                 totals,   alphas,      betas,            y.buffer};
  program.act(touched, [=, &program, &step](dnnl::stream&) {
    const float* numbers = program.at(x);
    double* sums = reinterpret_cast<double*>(program.at(totals));
    double* partial = reinterpret_cast<double*>(program.at(parts));
    float* alpha = program.at(alphas);
    float* beta = program.at(betas);
    std::fill(alpha, alpha + blocks.padded(), 0.0f);
    std::fill(beta, beta + blocks.padded(), 0.0f);
    blocks.sums(partial, sums,
                [=](int64_t i, int64_t, double& sum, double&) { sum += numbers[i]; });
    for (int64_t channel = 0; channel < channels; channel++) {
      beta[channel] = static_cast<float>(sums[2 * channel] / blocks.count());
      program.at(mean)[channel] = beta[channel];
    }
    blocks.sums(partial, sums, [=](int64_t i, int64_t channel, double& square, double&) {
      const float centred = numbers[i] - beta[channel];
      square += static_cast<double>(centred * centred);
    });
    const Affine affine{step.data, channels};
    for (int64_t channel = 0; channel < channels; channel++) {
      const double variance = sums[2 * channel] / blocks.count();
      const float m = program.at(mean)[channel];
      const float d = static_cast<float>(1 / std::sqrt(variance + epsilon));
      program.at(deviation)[channel] = d;
      alpha[channel] = affine.alpha(channel, d);
      beta[channel] = affine.beta(channel, m, alpha[channel]);
    }
    float* out = program.at(y);
    const auto& kernels = vector::kernels();
    blocks.eachBlock([=, &kernels](int64_t start, int64_t channel) {
      kernels.normalise(blocks.run(), numbers + start, alpha + channel, beta + channel, behind,
                        out + start);
    });
  });
}

/**
 * gradient of y, x, mean, inverse deviation -> gradient of x. ints: what is part of y, as in `Behind`;
 * a Relu's mask is computed again from x, to the same bit, which reads less memory than y would.
 */
void batchNormalizationGradient(Program& program, const Step& step) {
  const Copy x = blocked(program, step.inputs[1]);
  const ChannelBlocks blocks(x.desc);
  const int64_t channels = blocks.channels;
  const Copy gradient = program.in(step.inputs[0], x.desc);
  const Copy mean = program.plain(step.inputs[2]);
  const Copy deviation = program.plain(step.inputs[3]);
  const auto behind = static_cast<vector::Behind>(step.ints[0]);
  const int parts = program.scratch(blocks.partBytes());
  const int totals = scratchDoubles(program, 2 * channels);
  const int perChannel = scratchFloats(program, 6 * blocks.padded());
  const Copy result = program.out(step.outputs[0], x.desc, step.inputs[0]);
  const std::vector<int> touched{x.buffer, gradient.buffer, mean.buffer, deviation.buffer,
                                 parts,    totals,          perChannel,  result.buffer};
  program.act(touched, [=, &program, &step](dnnl::stream&) {
    float* means = program.at(perChannel);
    float* scales = means + blocks.padded();
    float* shares = scales + blocks.padded();
    float* tilts = shares + blocks.padded();
    float* alphas = tilts + blocks.padded();
    float* betas = alphas + blocks.padded();
    std::fill(means, means + 6 * blocks.padded(), 0.0f);
    const Affine affine{step.data, channels};
    for (int64_t channel = 0; channel < channels; channel++) {
      means[channel] = program.at(mean)[channel];
      alphas[channel] = affine.alpha(channel, program.at(deviation)[channel]);
      betas[channel] = affine.beta(channel, means[channel], alphas[channel]);
      scales[channel] = alphas[channel];
    }
    const float* numbers = program.at(x);
    const float* slopes = program.at(gradient);
    const auto read = [=](int64_t start, int64_t channel) {
      return vector::Slopes{numbers + start,  slopes + start,  means + channel,
                            alphas + channel, betas + channel, behind};
    };
    const auto& kernels = vector::kernels();
    double* sums = reinterpret_cast<double*>(program.at(totals));
    blocks.partsOf(reinterpret_cast<double*>(program.at(parts)), sums,
                   [=, &kernels](int64_t start, int64_t channel, double* first, double* second) {
                     kernels.addSlopes(blocks.run(), read(start, channel), first, second);
                   });
    for (int64_t channel = 0; channel < channels; channel++) {
      const float d = program.at(deviation)[channel];
      shares[channel] = static_cast<float>(sums[2 * channel] / blocks.count());
      tilts[channel] = static_cast<float>(sums[2 * channel + 1] * d * d / blocks.count());
    }
    float* out = program.at(result);
    blocks.eachBlock([=, &kernels](int64_t start, int64_t channel) {
      const vector::SlopeTerms terms{shares + channel, tilts + channel, scales + channel};
      kernels.slopesOfNumbers(blocks.run(), read(start, channel), terms, out + start);
    });
  });
}

}  // namespace zico
