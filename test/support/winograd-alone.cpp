// Winograd's kernels by themselves against plain sums in double precision: built without Node and oneDNN, so
// that it can be compiled for another processor and run by an emulator. Prints the largest error of results
// and of weights' gradients, relative to the largest of each.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "../../main/engine/onednn/native/vector/winograd.hpp"

namespace zico::vector {
extern const WinogradKernels ZICO_WINOGRAD;
}

namespace {
using namespace zico::vector;
const WinogradKernels& kernels = ZICO_WINOGRAD;

/** Always the same, between -1 and 1. */
float drawn() {
  static unsigned state = 1;
  state = state * 1664525u + 1013904223u;
  return static_cast<float>(state >> 8) / (1 << 23) - 1;
}

std::vector<float> numbers(int64_t count) {
  std::vector<float> all(static_cast<size_t>(count));
  std::generate(all.begin(), all.end(), drawn);
  return all;
}

/** A map of channels that lie in blocks; what pads the last block is zero. */
struct Maps {
  int64_t images, channels, height, width, lanes;
  std::vector<float> values;
  Maps(int64_t images, int64_t channels, int64_t height, int64_t width, int64_t lanes)
      : images(images), channels(channels), height(height), width(width), lanes(lanes),
        values(static_cast<size_t>(images * padded() * height * width), 0.0f) {}
  int64_t padded() const { return (channels + lanes - 1) / lanes * lanes; }
  float& at(int64_t n, int64_t c, int64_t row, int64_t column) {
    const int64_t block = n * padded() / lanes + c / lanes;
    return values[static_cast<size_t>(((block * height + row) * width + column) * lanes + c % lanes)];
  }
  void fill() {
    for (int64_t n = 0; n < images; n++)
      for (int64_t c = 0; c < channels; c++)
        for (int64_t i = 0; i < height * width; i++) at(n, c, i / width, i % width) = drawn();
  }
};

struct Worst {
  double error = 0, largest = 0;
  void see(double got, double expected) {
    // What is no number fails every comparison.
    error = std::isfinite(got) ? std::max(error, std::abs(got - expected)) : INFINITY;
    largest = std::max(largest, std::abs(expected));
  }
};

void compare(const WinogradShape& s, bool turned) {
  Maps x(s.images, s.ins, s.height, s.width, s.inLanes);
  Maps y(s.images, s.outs, s.outHeight, s.outWidth, s.outLanes);
  Maps dy = y;
  x.fill();
  dy.fill();
  const std::vector<float> plain = numbers(s.outs * s.ins * 9);
  const auto weight = [&](int64_t o, int64_t c, int64_t place) {
    const int64_t at = turned ? (c * s.outs + o) * 9 + 8 - place : (o * s.ins + c) * 9 + place;
    return plain[static_cast<size_t>(at)];
  };
  std::vector<float> bias = numbers(y.padded());
  const int64_t tiles = s.images * ((s.outHeight + 3) / 4) * ((s.outWidth + 3) / 4);
  constexpr int64_t each = 7;
  const auto count = static_cast<size_t>(kernels.weightNumbers(s));
  std::vector<float> transformed(count), sums(count, 0.0f);
  std::vector<float> space(static_cast<size_t>(kernels.spaceNumbers(s, each)));
  std::vector<float> dw(static_cast<size_t>(9 * s.ins * s.outs));
  kernels.weights(s, plain.data(), turned, 0, s.ins, transformed.data());
  for (int64_t first = 0; first < tiles; first += each) {
    const WinogradTiles own{first, std::min(each, tiles - first)};
    kernels.forward(s, x.values.data(), transformed.data(), bias.data(), own, space.data(),
                    y.values.data());
    kernels.gradient(s, x.values.data(), dy.values.data(), own, space.data(), sums.data());
  }
  kernels.gradientWeights(s, sums.data(), 0, s.ins, dw.data());
  Worst results, gradients;
  std::vector<double> expected(dw.size(), 0.0);
  for (int64_t n = 0; n < s.images; n++) {
    for (int64_t o = 0; o < s.outs; o++) {
      for (int64_t row = 0; row < s.outHeight; row++) {
        for (int64_t column = 0; column < s.outWidth; column++) {
          double sum = bias[static_cast<size_t>(o)];
          for (int64_t place = 0; place < 9; place++) {
            const int64_t i = row - s.top + place / 3, j = column - s.left + place % 3;
            if (i < 0 || j < 0 || i >= s.height || j >= s.width) continue;
            for (int64_t c = 0; c < s.ins; c++) {
              sum += static_cast<double>(weight(o, c, place)) * x.at(n, c, i, j);
              expected[static_cast<size_t>((place * s.ins + c) * s.outs + o)] +=
                  static_cast<double>(dy.at(n, o, row, column)) * x.at(n, c, i, j);
            }
          }
          results.see(y.at(n, o, row, column), sum);
        }
      }
    }
  }
  for (size_t i = 0; i < dw.size(); i++) gradients.see(dw[i], expected[i]);
  std::printf("%g %g\n", results.error / results.largest, gradients.error / gradients.largest);
}
}  // namespace

int main() {
  for (int64_t inLanes : {8, 16}) {
    for (int64_t outLanes : {8, 16}) {
      for (bool turned : {false, true}) {
        compare({2, 19, 37, 9, 6, 9, 6, 1, 1, inLanes, outLanes}, turned);
        compare({1, 1, 1, 1, 1, 1, 1, 1, 1, inLanes, outLanes}, turned);
        compare({3, 40, 24, 5, 7, 7, 9, 2, 2, inLanes, outLanes}, turned);
        compare({1, 33, 17, 13, 8, 11, 6, 0, 0, inLanes, outLanes}, turned);
        compare({1, 8, 48, 2, 2, 2, 2, 1, 1, inLanes, outLanes}, turned);
      }
    }
  }
}
