// Initial weights, drawn to the bit as main/graph/weights.ts draws them.
#pragma once
#include <cstdint>

namespace zico {

/** Numbers of a uniform distribution over [-bound, bound). */
struct UniformDraw {
  uint32_t generatorSeed;
  double bound;

  void into(float* out, int64_t count) const {
    Xoroshiro128Plus random(generatorSeed);
    for (int64_t i = 0; i < count; i++) {
      out[i] = static_cast<float>(random.next() / 2147483648.0 * bound);
    }
  }

 private:
  /** As pure-rand seeds it and takes 32 bits of it (Blackman and Vigna 2016, the first constants). */
  class Xoroshiro128Plus {
   public:
    explicit Xoroshiro128Plus(uint32_t seed)
        : a_(uint64_t{0xffffffff} << 32 | static_cast<uint32_t>(~seed)), b_(uint64_t{seed} << 32) {}

    int32_t next() {
      const auto bits = static_cast<uint32_t>(a_ + b_);
      const uint64_t mixed = b_ ^ a_;
      a_ = rotated(a_, 24) ^ mixed ^ mixed << 16;
      b_ = rotated(mixed, 37);
      return static_cast<int32_t>(bits);
    }

   private:
    static uint64_t rotated(uint64_t x, int by) { return x << by | x >> (64 - by); }
    uint64_t a_, b_;
  };
};

}  // namespace zico
