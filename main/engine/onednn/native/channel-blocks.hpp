// Batch normalisation's passes, channel by channel, in the layouts that convolutions make.
#pragma once
#include <algorithm>
#include <functional>
#include <vector>

#include "program.hpp"
#include "vector/kernels.hpp"

namespace zico {

/** A pass over every number of a block of channels. */
struct Pass {
  /** Of one image: start in memory, first channel of the block, how its numbers lie. */
  std::function<void(int64_t, int64_t, const vector::Run&)> part;
  /** Called with the first channel of a block once all its images are done. May be empty. */
  std::function<void(int64_t)> after;
};

/** A layout as runs of channels that lie side by side: image, block, place, channel of the block. */
struct ChannelBlocks {
  /** Channels side by side in memory; 0 for a layout that is not known here. */
  int64_t block;
  int64_t images = 0, channels = 0, blocks = 0, places = 1;

  explicit ChannelBlocks(const Desc& desc);

  /** Channels, including those that pad the last block. */
  int64_t padded() const { return blocks * block; }
  /** Padding included. */
  int64_t numbers() const { return images * padded() * places; }
  double count() const { return static_cast<double>(images * places); }
  /** One past the last channel of a block that is not padding. */
  int64_t endOf(int64_t channel) const { return std::min(channel + block, channels); }

  /** Two sums in double precision for every block of every image. */
  size_t partBytes() const { return static_cast<size_t>(images * padded() * 2) * sizeof(double); }
  /** The two sums of the part that starts there; the second sums follow `block` places later. */
  double* part(double* parts, int64_t start) const { return parts + start / places * 2; }
  /** Totals of a block over its parts, image by image: first and second sum of each channel. */
  void addParts(const double* parts, int64_t channel, double* totals) const;

  /**
   * Runs all passes over one block of channels before it goes on to the next, so that a pass finds in the
   * cache what the one before has read. A pass visits the images in any order.
   */
  void inTurn(const std::vector<Pass>& passes) const;

 private:
  vector::Run run(int64_t jump) const { return {places, block, block, jump * places}; }
  void alone(const std::vector<Pass>& passes, int64_t first) const;
  void together(const std::vector<Pass>& passes, int64_t first) const;
};

}  // namespace zico
