// Primitives that were made before: a search's networks have most of them in common.
#pragma once
#include <omp.h>

#include <initializer_list>
#include <map>
#include <oneapi/dnnl/dnnl.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

namespace zico {

/** A primitive and what it was made from. Copies share both. */
template <typename Primitive>
struct Made {
  typename Primitive::primitive_desc desc;
  Primitive primitive;
};

/**
 * Primitives by everything that decides on them. oneDNN keeps the code it generated, but goes through its
 * implementations each time a primitive is described, which takes longer than computing a small layer.
 */
template <typename Primitive>
class Kept {
 public:
  /**
   * @param key equal only where `describe` gives the same; the number of threads, by which oneDNN divides the
   * work, is added here
   */
  template <typename Describe>
  const Made<Primitive>& of(std::vector<int64_t> key, Describe describe) {
    key.push_back(omp_get_max_threads());
    const auto found = made_.find(key);
    if (found != made_.end()) return found->second;
    const auto desc = describe();
    // Some megabytes of code; whoever needs more than this at once meets few of them again.
    if (made_.size() >= kMost) made_.clear();
    return made_.emplace(std::move(key), Made<Primitive>{desc, Primitive(desc)}).first->second;
  }

  /** One that was made for this key; null where there is none. */
  const Made<Primitive>* known(std::vector<int64_t> key) const {
    key.push_back(omp_get_max_threads());
    const auto found = made_.find(key);
    return found == made_.end() ? nullptr : &found->second;
  }

 private:
  static constexpr size_t kMost = 1024;
  std::map<std::vector<int64_t>, Made<Primitive>> made_;
};

/**
 * Appends everything that tells one layout from another.
 * @throws std::logic_error for a layout that is neither described by blocks nor left to oneDNN
 */
inline void addLayout(std::vector<int64_t>& key, const dnnl::memory::desc& layout) {
  const auto& all = layout.data;
  if (all.format_kind != dnnl_blocked && all.format_kind != dnnl_format_kind_any) {
    throw std::logic_error("a layout that is told from others by more than its blocks");
  }
  const auto& blocking = all.format_desc.blocking;
  key.insert(key.end(), {all.ndims, all.data_type, all.format_kind, all.offset0,
                         static_cast<int64_t>(all.extra.flags),
                         all.format_kind == dnnl_blocked ? blocking.inner_nblks : 0});
  key.insert(key.end(), all.dims, all.dims + all.ndims);
  if (all.format_kind != dnnl_blocked) return;
  key.insert(key.end(), all.padded_dims, all.padded_dims + all.ndims);
  key.insert(key.end(), blocking.strides, blocking.strides + all.ndims);
  key.insert(key.end(), blocking.inner_blks, blocking.inner_blks + blocking.inner_nblks);
  key.insert(key.end(), blocking.inner_idxs, blocking.inner_idxs + blocking.inner_nblks);
}

/** As `addLayout`, of several. */
inline std::vector<int64_t> layoutKey(std::initializer_list<dnnl::memory::desc> layouts) {
  std::vector<int64_t> key;
  for (const auto& layout : layouts) addLayout(key, layout);
  return key;
}

/** Of one engine; used by one thread. */
struct KeptPrimitives {
  Kept<dnnl::convolution_forward> forward;
  Kept<dnnl::convolution_backward_data> image;
  Kept<dnnl::convolution_backward_weights> weights;
  Kept<dnnl::pooling_v2_forward> pool;
  Kept<dnnl::pooling_v2_backward> poolGradient;
  Kept<dnnl::matmul> product;
  Kept<dnnl::reorder> reorder;
};

}  // namespace zico
