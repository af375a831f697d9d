#include "channel-blocks.hpp"

#include <omp.h>

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

ChannelBlocks::ChannelBlocks(const Desc& desc) : block(blockOf(desc)) {
  const Dims dims = desc.dims();
  images = dims[0];
  channels = dims[1];
  blocks = block ? (channels + block - 1) / block : 0;
  for (size_t axis = 2; axis < dims.size(); axis++) places *= dims[axis];
}

void ChannelBlocks::addParts(const double* parts, int64_t channel, double* totals) const {
  for (int64_t c = channel; c < endOf(channel); c++) {
    double first = 0;
    double second = 0;
    for (int64_t image = 0; image < images; image++) {
      const double* part = parts + (image * padded() + channel) * 2 + c - channel;
      first += part[0];
      second += part[block];
    }
    totals[2 * c] = first;
    totals[2 * c + 1] = second;
  }
}

void ChannelBlocks::inTurn(const std::vector<Pass>& passes) const {
  // Every thread gets the same number of blocks; those left over are shared out by images.
  const int64_t threads = omp_get_max_threads();
  const int64_t divided = blocks / threads * threads;
#pragma omp parallel for schedule(dynamic)
  for (int64_t each = 0; each < divided; each++) alone(passes, each);
  if (divided < blocks) together(passes, divided);
}

/**
 * One thread's block of channels. Every other pass runs from the last image back to the first, whose numbers
 * were evicted from the cache first.
 */
void ChannelBlocks::alone(const std::vector<Pass>& passes, int64_t first) const {
  bool back = false;
  for (const Pass& pass : passes) {
    const vector::Run each = run(back ? -blocks - 1 : blocks - 1);
    for (int64_t i = 0; i < images; i++) {
      const int64_t image = back ? images - 1 - i : i;
      pass.part((image * blocks + first) * places * block, first * block, each);
    }
    if (pass.after) pass.after(first * block);
    back = !back;
  }
}

/** The last blocks of channels by all threads; each has the same images in every pass. */
void ChannelBlocks::together(const std::vector<Pass>& passes, int64_t first) const {
#pragma omp parallel
  {
    const int64_t threads = omp_get_num_threads();
    const int64_t tasks = images * (blocks - first);
    const int64_t from = tasks * omp_get_thread_num() / threads;
    const int64_t to = tasks * (omp_get_thread_num() + 1) / threads;
    bool back = false;
    for (const Pass& pass : passes) {
      const vector::Run each = run(back ? -blocks - 1 : blocks - 1);
      for (int64_t i = from; i < to; i++) {
        const int64_t task = back ? from + to - 1 - i : i;
        const int64_t own = first + task / images;
        pass.part((task % images * blocks + own) * places * block, own * block, each);
      }
#pragma omp barrier
      if (pass.after) {
#pragma omp single
        for (int64_t own = first; own < blocks; own++) pass.after(own * block);
      }
      back = !back;
    }
  }
}

}  // namespace zico
