// Batch normalisation's arithmetic, channel by channel, in the layouts that convolutions make.
#pragma once
#include <algorithm>

#include "program.hpp"
#include "vector/kernels.hpp"

namespace zico {

/** A layout as runs of channels that lie side by side: image, block, place, channel of the block. */
struct ChannelBlocks {
  /** Channels side by side in memory; 0 for a layout that this does not know. */
  int64_t block;
  int64_t images = 0, channels = 0, blocks = 0, places = 1;

  explicit ChannelBlocks(const Desc& desc);

  /** Channels with what pads the last block. */
  int64_t padded() const { return blocks * block; }
  double count() const { return static_cast<double>(images * places); }

  /** Two sums in double precision for every block of every image. */
  size_t partBytes() const { return static_cast<size_t>(images * padded() * 2) * sizeof(double); }

  /**
   * Adds up `term(i, first, second)` over the numbers of each channel, where i is the number's place in
   * memory. The result does not depend on the number of threads: each part is added up by one of them.
   * @param totals 2 x channels
   */
  template <typename Term>
  void sums(double* parts, double* totals, Term term) const {
    switch (block) {
      case 16: partSums<16>(parts, term); break;
      case 8: partSums<8>(parts, term); break;
      case 1: partSums<1>(parts, term); break;
      default: partSumsOfAny(parts, term);
    }
    addParts(parts, totals);
  }

  /** Memory of one block of one image. */
  vector::Run run() const { return {places, block, block}; }

  /**
   * As `sums`, with what adds up one block of one image: `part(start in memory, first channel, sums,
   * other sums)`.
   */
  template <typename Part>
  void partsOf(double* parts, double* totals, Part part) const {
    eachBlock([=](int64_t start, int64_t channel) {
      double* own = parts + start / places * 2;
      std::fill(own, own + 2 * block, 0.0);
      part(start, channel, own, own + block);
    });
    addParts(parts, totals);
  }

  /** Runs `work(start in memory, first channel)` for every block of every image, in parallel. */
  template <typename Work>
  void eachBlock(Work work) const {
    const int64_t tasks = images * blocks;
#pragma omp parallel for schedule(static)
    for (int64_t task = 0; task < tasks; task++) work(task * places * block, task % blocks * block);
  }

  void addParts(const double* parts, double* totals) const {
    for (int64_t channel = 0; channel < channels; channel++) {
      double first = 0;
      double second = 0;
      for (int64_t image = 0; image < images; image++) {
        const double* part = parts + (image * padded() + channel / block * block) * 2;
        first += part[channel % block];
        second += part[block + channel % block];
      }
      totals[2 * channel] = first;
      totals[2 * channel + 1] = second;
    }
  }

 private:
  /** Block by block: the compiler keeps sums of a size that it knows in registers. */
  template <int Block, typename Term>
  void partSums(double* parts, Term term) const {
    const int64_t tasks = images * blocks;
#pragma omp parallel for schedule(static)
    for (int64_t task = 0; task < tasks; task++) {
      double first[Block] = {};
      double second[Block] = {};
      const int64_t start = task * places * Block;
      if constexpr (Block == 1) {
        double a = 0;
        double b = 0;
#pragma omp simd reduction(+ : a, b)
        for (int64_t place = 0; place < places; place++) term(start + place, task % blocks, a, b);
        first[0] = a;
        second[0] = b;
      } else {
        const int64_t channel = task % blocks * Block;
        for (int64_t place = 0; place < places; place++) {
#pragma omp simd
          for (int c = 0; c < Block; c++) {
            term(start + place * Block + c, channel + c, first[c], second[c]);
          }
        }
      }
      double* part = parts + task * Block * 2;
      for (int c = 0; c < Block; c++) {
        part[c] = first[c];
        part[Block + c] = second[c];
      }
    }
  }

  template <typename Term>
  void partSumsOfAny(double* parts, Term term) const {
    const int64_t tasks = images * blocks;
#pragma omp parallel for schedule(static)
    for (int64_t task = 0; task < tasks; task++) {
      double* first = parts + task * block * 2;
      double* second = first + block;
      for (int64_t c = 0; c < 2 * block; c++) first[c] = 0;
      for (int64_t place = 0; place < places; place++) {
        const int64_t start = (task * places + place) * block;
        for (int64_t c = 0; c < block; c++) term(start + c, c, first[c], second[c]);
      }
    }
  }
};

}  // namespace zico
