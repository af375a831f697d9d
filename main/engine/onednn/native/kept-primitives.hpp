// Convolutions that were made before: a search's networks have most of them in common.
#pragma once
#include <omp.h>

#include <map>
#include <oneapi/dnnl/dnnl.hpp>
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
    const auto known = made_.find(key);
    if (known != made_.end()) return known->second;
    const auto desc = describe();
    // Some megabytes of code; whoever needs more than this at once meets few of them again.
    if (made_.size() >= kMost) made_.clear();
    return made_.emplace(std::move(key), Made<Primitive>{desc, Primitive(desc)}).first->second;
  }

 private:
  static constexpr size_t kMost = 1024;
  std::map<std::vector<int64_t>, Made<Primitive>> made_;
};

/** Of one engine; used by one thread. */
struct KeptPrimitives {
  Kept<dnnl::convolution_forward> forward;
  Kept<dnnl::convolution_backward_data> image;
  Kept<dnnl::convolution_backward_weights> weights;
};

}  // namespace zico
