#include "channel-blocks.hpp"

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

}  // namespace zico
