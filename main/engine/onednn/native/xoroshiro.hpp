// The generator behind initial weights, and how to begin far along its sequence.
#pragma once
#include <cstdint>

namespace zico {

/** xoroshiro128+ as pure-rand seeds it and takes 32 bits of it (Blackman and Vigna 2016, the first constants). */
struct Xoroshiro {
  uint64_t a, b;

  static Xoroshiro seeded(uint32_t seed) {
    return {uint64_t{0xffffffff} << 32 | static_cast<uint32_t>(~seed), uint64_t{seed} << 32};
  }

  int32_t next() {
    const auto bits = static_cast<uint32_t>(a + b);
    const uint64_t mixed = b ^ a;
    a = rotated(a, 24) ^ mixed ^ mixed << 16;
    b = rotated(mixed, 37);
    return static_cast<int32_t>(bits);
  }

  /** The generator after so many numbers, in the time of some thousand. */
  Xoroshiro after(uint64_t numbers) const;

 private:
  static uint64_t rotated(uint64_t x, int by) { return x << by | x >> (64 - by); }
};

}  // namespace zico
