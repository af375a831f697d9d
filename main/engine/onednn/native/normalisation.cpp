// Batch normalisation with batch statistics, with the Relu behind it where there is one.
//
// A number that lies on its channel's mean falls on either side of a Relu by its last bit, and ZiCo feels
// each such mask. So this follows the arithmetic of PyTorch 1.13's CPU kernel (aten/src/ATen/native/
// Normalization.cpp and cpu/batch_norm_kernel.cpp) to the letter: sums in double precision, a mean of
// single precision, squares of centred numbers, then one fused multiply-add with a scale and a shift.
// oneDNN's own primitive computes (x - mean) / deviation and flips other masks.
#include <algorithm>
#include <cmath>
#include <limits>

#include "channel-blocks.hpp"
#include "lowerings.hpp"

namespace zico {

namespace {
/** Scale and shift of a channel; `data` holds all scales, then all shifts, and is empty for 1 and 0. */
struct Affine {
  const std::vector<float>& data;
  int64_t channels;
  float scale(int64_t channel) const { return data.empty() ? 1.0f : data[channel]; }
  float shift(int64_t channel) const { return data.empty() ? 0.0f : data[channels + channel]; }
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

/** x -> y, mean, inverse deviation. ints: 1 where a Relu follows. floats: epsilon. */
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
  const float floor = step.ints[0] ? 0.0f : -std::numeric_limits<float>::infinity();
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
      alpha[channel] = d * affine.scale(channel);
      beta[channel] = std::fma(-m, alpha[channel], affine.shift(channel));
    }
    float* out = program.at(y);
    blocks.each([=](int64_t i, int64_t channel) {
      const float number = std::fma(numbers[i], alpha[channel], beta[channel]);
      out[i] = number < floor ? floor : number;  // what is no number stays none
    });
  });
}

namespace {
/** What the gradient needs of memory; `signs` only where a Relu masks it. */
struct Slopes {
  const float* numbers;
  const float* slopes;
  const float* signs;
  float* out;
};

/** With the mask known to the compiler, both passes become vector code. */
template <bool Masked>
void gradientPasses(const ChannelBlocks& blocks, const Slopes& memory, double* parts, double* sums,
                    float* perChannel, const float* mean, const float* deviation,
                    const Affine& affine) {
  const float* numbers = memory.numbers;
  const float* slopes = memory.slopes;
  const float* signs = memory.signs;
  const int64_t channels = blocks.channels;
  float* means = perChannel;
  float* scales = means + blocks.padded();
  float* shares = scales + blocks.padded();
  float* tilts = shares + blocks.padded();
  std::fill(means, means + 4 * blocks.padded(), 0.0f);
  std::copy(mean, mean + channels, means);
  blocks.sums(parts, sums, [=](int64_t i, int64_t channel, double& sum, double& product) {
    const float kept = slopes[i];
    const double slope = Masked ? (signs[i] > 0 ? kept : 0.0f) : kept;
    sum += slope;
    product += (static_cast<double>(numbers[i]) - means[channel]) * slope;
  });
  for (int64_t channel = 0; channel < channels; channel++) {
    const float d = deviation[channel];
    scales[channel] = d * affine.scale(channel);
    shares[channel] = static_cast<float>(sums[2 * channel] / blocks.count());
    tilts[channel] = static_cast<float>(sums[2 * channel + 1] * d * d / blocks.count());
  }
  float* out = memory.out;
  blocks.each([=](int64_t i, int64_t channel) {
    const float kept = slopes[i];
    const float slope = Masked ? (signs[i] > 0 ? kept : 0.0f) : kept;
    const float tilt = (numbers[i] - means[channel]) * tilts[channel];
    out[i] = (slope - shares[channel] - tilt) * scales[channel];
  });
}
}  // namespace

/** gradient of y, x, mean, inverse deviation, y (where a Relu is part of it) -> gradient of x. */
void batchNormalizationGradient(Program& program, const Step& step) {
  const Copy x = blocked(program, step.inputs[1]);
  const ChannelBlocks blocks(x.desc);
  const int64_t channels = blocks.channels;
  const Copy gradient = program.in(step.inputs[0], x.desc);
  const Copy mean = program.plain(step.inputs[2]);
  const Copy deviation = program.plain(step.inputs[3]);
  const bool masked = step.ints[0] != 0;
  const Copy y = masked ? program.in(step.inputs[4], x.desc) : gradient;
  const int parts = program.scratch(blocks.partBytes());
  const int totals = scratchDoubles(program, 2 * channels);
  const int perChannel = scratchFloats(program, 4 * blocks.padded());
  const Copy result = program.out(step.outputs[0], x.desc, step.inputs[0]);
  const std::vector<int> touched{x.buffer, gradient.buffer, mean.buffer, deviation.buffer, y.buffer,
                                 parts,    totals,          perChannel,  result.buffer};
  program.act(touched, [=, &program, &step](dnnl::stream&) {
    const Slopes memory{program.at(x), program.at(gradient), program.at(y), program.at(result)};
    const Affine affine{step.data, channels};
    const auto passes = masked ? gradientPasses<true> : gradientPasses<false>;
    passes(blocks, memory, reinterpret_cast<double*>(program.at(parts)),
           reinterpret_cast<double*>(program.at(totals)), program.at(perChannel), program.at(mean),
           program.at(deviation), affine);
  });
}

}  // namespace zico
