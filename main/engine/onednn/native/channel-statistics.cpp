// Mean and variance of every channel, accumulated in double precision: a mean that is off by a rounding
// flips Relu masks, and ZiCo feels each of them.
#include <algorithm>

#include "channel-statistics.hpp"

namespace zico {

namespace {
/** Channels that lie side by side in memory: 16, 8, all of them or one. */
int64_t blockOf(const Desc& desc) {
  const Dims dims = desc.dims();
  if (dims.size() != 4) return dims.size() == 2 ? dims[1] : 1;
  const auto type = dnnl::memory::data_type::f32;
  if (desc == Desc(dims, type, Tag::nChw16c)) return 16;
  if (desc == Desc(dims, type, Tag::nChw8c)) return 8;
  if (desc == Desc(dims, type, Tag::nchw)) return 1;
  return desc == Desc(dims, type, Tag::nhwc) ? dims[1] : 0;
}
}  // namespace

ChannelStatistics::ChannelStatistics(const Desc& desc) : block(blockOf(desc)) {
  const Dims dims = desc.dims();
  images = dims[0];
  channels = dims[1];
  blocks = block ? (channels + block - 1) / block : 0;
  for (size_t axis = 2; axis < dims.size(); axis++) places *= dims[axis];
}

size_t ChannelStatistics::scratchBytes() const {
  return static_cast<size_t>(images * blocks * block * 2) * sizeof(double);
}

void ChannelStatistics::compute(const float* x, double* parts, float* mean, float* variance) const {
  const int64_t tasks = images * blocks;
#pragma omp parallel for schedule(static)
  for (int64_t task = 0; task < tasks; task++) {
    const float* numbers = x + task * places * block;
    double* sums = parts + task * block * 2;
    double* squares = sums + block;
    std::fill(sums, sums + 2 * block, 0.0);
    if (block == 1) {
      double sum = 0;
      double square = 0;
#pragma omp simd reduction(+ : sum, square)
      for (int64_t place = 0; place < places; place++) {
        const double number = numbers[place];
        sum += number;
        square += number * number;
      }
      sums[0] = sum;
      squares[0] = square;
    } else if (block == 16) {
      fixed<16>(numbers, sums, squares);
    } else if (block == 8) {
      fixed<8>(numbers, sums, squares);
    } else {
      for (int64_t place = 0; place < places; place++) {
        for (int64_t c = 0; c < block; c++) {
          const double number = numbers[place * block + c];
          sums[c] += number;
          squares[c] += number * number;
        }
      }
    }
  }
  const double count = static_cast<double>(images * places);
  for (int64_t channel = 0; channel < channels; channel++) {
    const int64_t start = channel / block * block * 2 + channel % block;
    double sum = 0;
    double square = 0;
    for (int64_t image = 0; image < images; image++) {
      const double* part = parts + image * blocks * block * 2 + start;
      sum += part[0];
      square += part[block];
    }
    const double average = sum / count;
    mean[channel] = static_cast<float>(average);
    variance[channel] = static_cast<float>(std::max(0.0, square / count - average * average));
  }
}

/** Sums of a block whose size the compiler knows, so that they stay in registers. */
template <int Block>
void ChannelStatistics::fixed(const float* numbers, double* sums, double* squares) const {
  double sum[Block] = {};
  double square[Block] = {};
  for (int64_t place = 0; place < places; place++) {
    for (int c = 0; c < Block; c++) {
      const double number = numbers[place * Block + c];
      sum[c] += number;
      square[c] += number * number;
    }
  }
  std::copy(sum, sum + Block, sums);
  std::copy(square, square + Block, squares);
}

}  // namespace zico
