// One block of memory for everything a plan computes, kept from candidate to candidate.
#pragma once
#include <cstddef>
#include <vector>

namespace zico {

/**
 * The first touch of a fresh page can cost more than computing on it, so the block is mapped once, in
 * huge pages where the system has them, and only ever grows, on Linux by new pages beside those it has.
 */
class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();
  /** At least this many bytes, aligned to a page, contents undefined. Throws std::bad_alloc. */
  std::byte* atLeast(size_t bytes);
  /** Bytes that were ever mapped, and may have been touched for the first time. */
  size_t fresh() const { return fresh_; }

 private:
  void release();
  void grow(size_t wanted);
  std::byte* start_ = nullptr;
  size_t size_ = 0;
  size_t fresh_ = 0;
};

/** A buffer that is alive from one action to another, both included. */
struct Lifetime {
  size_t bytes;
  int first;
  int last;
};

struct Placement {
  std::vector<size_t> offsets;
  size_t bytes;
};

/** Offsets such that no two buffers alive at the same time overlap: largest first, lowest fit. */
Placement place(const std::vector<Lifetime>& buffers);

}  // namespace zico
