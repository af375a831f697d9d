// How Winograd's method is spread over tiles and threads. The arithmetic is vector/winograd.cpp's.
#include "winograd.hpp"

#include <omp.h>

#include <algorithm>

#include "channel-blocks.hpp"
#include "lowerings.hpp"

namespace zico {

namespace {
using vector::WinogradKernels;
using vector::WinogradShape;

int64_t roundUp(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

int64_t tilesOf(const Dims& y) { return y[0] * ((y[2] + 3) / 4) * ((y[3] + 3) / 4); }

/** The value's own layout where it holds 8 or 16 channels side by side; else it is brought into the usual one. */
Copy inBlocks(Program& program, int value, const WinogradKernels& kernels) {
  const Copy made = program.made(value);
  const int64_t block = ChannelBlocks(made.desc).block;
  if (block == 8 || block == 16) {
    const auto format = block == 16 ? Tag::nChw16c : Tag::nChw8c;
    if (made.desc == Desc(program.dims(value), dnnl::memory::data_type::f32, format)) return made;
  }
  const Dims& dims = program.dims(value);
  const bool wide = kernels.lanes == 16 && dims[1] % 16 == 0;
  return program.in(value, Desc(dims, dnnl::memory::data_type::f32,
                                wide ? Tag::nChw16c : Tag::nChw8c));
}

int64_t lanesOf(const Copy& copy) {
  const Desc wide(copy.desc.dims(), dnnl::memory::data_type::f32, Tag::nChw16c);
  return copy.desc == wide ? 16 : 8;
}

/** Tiles that are worked on together. */
struct Blocks {
  int64_t tiles, each, count;

  /**
   * What is transformed should stay in a second-level cache; a block has as many tiles for every thread.
   * @param bytes for numbers of both sides
   */
  Blocks(const WinogradShape& s, int64_t tiles, int64_t bytes, int64_t threads) : tiles(tiles) {
    const int64_t channels = roundUp(s.ins, s.inLanes) + roundUp(s.outs, s.outLanes);
    const int64_t ofTile = vector::kWinogradPoints * channels * static_cast<int64_t>(sizeof(float));
    const int64_t most = std::max<int64_t>(12, bytes / ofTile / 12 * 12);
    const int64_t least = (tiles + most - 1) / most;
    each = std::max<int64_t>(1, (tiles + roundUp(least, threads) - 1) / roundUp(least, threads));
    count = (tiles + each - 1) / each;
  }

  vector::WinogradTiles block(int64_t index) const {
    return {index * each, std::min(each, tiles - index * each)};
  }
};

constexpr int64_t kForwardBytes = 384 << 10;
/** Sums are read and written once a block, so that larger blocks pay. */
constexpr int64_t kGradientBytes = 896 << 10;

size_t bytesOf(int64_t numbers) { return static_cast<size_t>(numbers) * sizeof(float); }
}  // namespace

bool takesWinograd(const Program& program, const Windows& w, const Dims& x, const Dims& y) {
  if (!program.winograd() || !vector::winogradKernels()) return false;
  const Dims single{1, 1};
  const bool even = w.before == w.after && w.before[0] == w.before[1];
  if (w.group != 1 || w.strides != single || w.dilations != Dims{0, 0}) return false;
  if (w.kernel != Dims{3, 3} || !even || w.before[0] < 0 || w.before[0] > 2) return false;
  if (program.winogradEverywhere()) return true;
  // In multiplications and additions: what a transform of one tile and channel takes, and of one pair of
  // channels' weights, were measured with AVX2 and AVX-512 and lie within a third of each other.
  constexpr double ofTile = 350, ofWeights = 1440, margin = 0.8;
  const double ins = static_cast<double>(x[1]), outs = static_cast<double>(y[1]);
  const double tiles = static_cast<double>(tilesOf(y));
  const double places = static_cast<double>(y[0] * y[2] * y[3]);
  const double own = tiles * (vector::kWinogradPoints * ins * outs + ofTile * (ins + outs));
  return own + ofWeights * ins * outs < margin * 9 * places * ins * outs;
}

void winograd(Program& program, int x, int weights, int bias, int y, int64_t pad, bool turned) {
  const WinogradKernels& kernels = *vector::winogradKernels();
  const Copy source = inBlocks(program, x, kernels);
  const Dims& from = program.dims(x);
  const Dims& to = program.dims(y);
  const int64_t outLanes = kernels.lanes == 16 && to[1] % 16 == 0 ? 16 : 8;
  const WinogradShape shape{from[0], from[1], to[1], from[2],         from[3], to[2],
                            to[3],   pad,     pad,   lanesOf(source), outLanes};
  const Copy plain = program.plain(weights);
  const Copy shift = bias >= 0 ? program.plain(bias) : Copy{};
  const int64_t threads = omp_get_max_threads();
  const Blocks blocks(shape, tilesOf(to), kForwardBytes, threads);
  const int64_t each = kernels.spaceNumbers(shape, blocks.each);
  const int space = program.scratch(bytesOf(threads * each));
  const int transformed = program.scratch(bytesOf(kernels.weightNumbers(shape)));
  const int64_t padded = roundUp(to[1], outLanes);
  const int shifts = bias >= 0 ? program.scratch(bytesOf(padded)) : -1;
  const Desc layout(to, dnnl::memory::data_type::f32, outLanes == 16 ? Tag::nChw16c : Tag::nChw8c);
  const Copy result = program.out(y, layout);
  std::vector<int> touched{source.buffer, plain.buffer, space, transformed, result.buffer};
  if (bias >= 0) touched.insert(touched.end(), {shift.buffer, shifts});
  program.act(touched, [=, &program, &kernels](dnnl::stream&) {
    const float* numbers = program.at(source);
    float* own = program.at(transformed);
    float* added = nullptr;
    if (shifts >= 0) {
      added = program.at(shifts);
      std::copy_n(program.at(shift), shape.outs, added);
      std::fill(added + shape.outs, added + padded, 0.0f);
    }
#pragma omp parallel num_threads(threads)
    {
      const int64_t thread = omp_get_thread_num();
      const int64_t team = omp_get_num_threads();
      kernels.weights(shape, program.at(plain), turned, shape.ins * thread / team,
                      shape.ins * (thread + 1) / team, own);
#pragma omp barrier
#pragma omp for schedule(static)
      for (int64_t block = 0; block < blocks.count; block++) {
        kernels.forward(shape, numbers, own, added, blocks.block(block),
                        program.at(space) + thread * each, program.at(result));
      }
    }
  });
}

void winogradWeightGradient(Program& program, int x, int dy, int dw, int64_t pad) {
  const WinogradKernels& kernels = *vector::winogradKernels();
  const Copy source = program.ofPart(inBlocks(program, x, kernels));
  const Copy slopes = program.ofPart(inBlocks(program, dy, kernels));
  const Dims from = program.dimsOfPart(x);
  const Dims to = program.dimsOfPart(dy);
  const WinogradShape shape{from[0], from[1], to[1], from[2],         from[3],        to[2],
                            to[3],   pad,     pad,   lanesOf(source), lanesOf(slopes)};
  const int64_t threads = omp_get_max_threads();
  const Blocks blocks(shape, tilesOf(to), kGradientBytes, threads);
  const int64_t each = kernels.spaceNumbers(shape, blocks.each);
  const int space = program.scratch(bytesOf(threads * each));
  const int64_t numbers = kernels.weightNumbers(shape);
  const int sums = program.scratch(bytesOf(threads * numbers));
  const Copy result =
      program.out(dw, Desc(program.dims(dw), dnnl::memory::data_type::f32, Tag::hwio));
  program.act({source.buffer, slopes.buffer, space, sums, result.buffer}, [=, &program,
                                                                          &kernels](dnnl::stream&) {
    float* all = program.at(sums);
    const int64_t row = numbers / vector::kWinogradPoints / shape.ins;
#pragma omp parallel num_threads(threads)
    {
      const int64_t thread = omp_get_thread_num();
      float* own = all + thread * numbers;
      std::fill(own, own + numbers, 0.0f);
#pragma omp for schedule(static)
      for (int64_t block = 0; block < blocks.count; block++) {
        kernels.gradient(shape, program.at(source), program.at(slopes), blocks.block(block),
                         program.at(space) + thread * each, own);
      }
#pragma omp for schedule(static)
      for (int64_t channel = 0; channel < shape.ins; channel++) {
        for (int64_t other = 1; other < threads; other++) {
          for (int64_t point = 0; point < vector::kWinogradPoints; point++) {
            float* to = all + (point * shape.ins + channel) * row;
            for (int64_t o = 0; o < row; o++) to[o] += to[other * numbers + o];
          }
        }
        kernels.gradientWeights(shape, all, channel, channel + 1, program.at(result));
      }
    }
  });
}

}  // namespace zico
