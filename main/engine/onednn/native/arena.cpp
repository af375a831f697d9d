#include "arena.hpp"

#include <algorithm>
#include <cstdint>
#include <new>
#include <numeric>
#ifdef _WIN32
#include <windows.h>
#else
#include <sys/mman.h>
#endif

namespace zico {

namespace {
constexpr size_t kLine = 4096;
/** Size of a huge page; the block is a multiple of it, so that its end lies on a huge page as well. */
constexpr size_t kHuge = size_t{1} << 21;
size_t roundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

#ifndef _WIN32
/** Aligned to a huge page, or null; older kernels would map it anywhere and leave its first part on small pages. */
void* mapAligned(size_t bytes) {
  const size_t all = bytes + kHuge;
  void* found = mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (found == MAP_FAILED) return nullptr;
  const auto from = reinterpret_cast<uintptr_t>(found);
  const uintptr_t start = roundUp(from, kHuge);
  if (start > from) munmap(found, start - from);
  munmap(reinterpret_cast<void*>(start + bytes), all - bytes - (start - from));
  void* block = reinterpret_cast<void*>(start);
#ifdef MADV_HUGEPAGE
  madvise(block, bytes, MADV_HUGEPAGE);  // a hint; the kernel may stay with small pages
#endif
  return block;
}
#endif
}  // namespace

Arena::~Arena() { release(); }

void Arena::release() {
  if (!start_) return;
#ifdef _WIN32
  VirtualFree(start_, 0, MEM_RELEASE);
#else
  munmap(start_, size_);
#endif
  start_ = nullptr;
  size_ = 0;
}

std::byte* Arena::atLeast(size_t bytes) {
  if (bytes > size_) grow(roundUp(bytes, kHuge));
  return start_;
}

#ifdef _WIN32
void Arena::grow(size_t wanted) {
  release();
  void* block = VirtualAlloc(nullptr, wanted, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
  if (!block) throw std::bad_alloc();
  start_ = static_cast<std::byte*>(block);
  fresh_ += wanted;
  size_ = wanted;
}
#else
void Arena::grow(size_t wanted) {
  void* block = mapAligned(wanted);
#ifdef MREMAP_FIXED
  // Pages that were touched come with it: the old block moves there and grows, where the system lets it.
  if (block && start_) {
    if (mremap(start_, size_, wanted, MREMAP_MAYMOVE | MREMAP_FIXED, block) == block) {
      start_ = static_cast<std::byte*>(block);
      fresh_ += wanted - size_;
      size_ = wanted;
      return;
    }
    // The target may have been unmapped before the move failed, and another thread's by now: it is left alone.
    block = nullptr;
  }
#endif
  release();
  if (!block) block = mapAligned(wanted);  // there may be room for one of both
  if (!block) throw std::bad_alloc();
  start_ = static_cast<std::byte*>(block);
  fresh_ += wanted;
  size_ = wanted;
}
#endif

Placement place(const std::vector<Lifetime>& buffers) {
  std::vector<size_t> order(buffers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return buffers[a].bytes > buffers[b].bytes; });
  Placement result{std::vector<size_t>(buffers.size(), 0), 0};
  std::vector<size_t> placed;  // by offset
  for (size_t index : order) {
    const Lifetime& own = buffers[index];
    const size_t bytes = roundUp(own.bytes, kLine);
    size_t offset = 0;
    for (size_t other : placed) {
      const Lifetime& there = buffers[other];
      if (there.last < own.first || there.first > own.last) continue;
      if (result.offsets[other] >= offset + bytes) break;
      offset = std::max(offset, result.offsets[other] + roundUp(there.bytes, kLine));
    }
    result.offsets[index] = offset;
    result.bytes = std::max(result.bytes, offset + bytes);
    placed.insert(std::upper_bound(placed.begin(), placed.end(), index,
                                   [&](size_t a, size_t b) {
                                     return result.offsets[a] < result.offsets[b];
                                   }),
                  index);
  }
  return result;
}

}  // namespace zico
