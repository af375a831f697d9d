#include "xoroshiro.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace zico {

namespace {
/**
 * Each step is linear over single bits, so that many steps are one matrix (Haramoto et al. 2008); a column says what
 * becomes of one bit.
 */
using Matrix = std::array<Xoroshiro, 128>;

Xoroshiro times(const Matrix& matrix, const Xoroshiro& state) {
  Xoroshiro sum{0, 0};
  for (std::size_t bit = 0; bit < 128; bit++) {
    const uint64_t half = bit < 64 ? state.a : state.b;
    const uint64_t set = -(half >> (bit % 64) & 1);
    sum.a ^= matrix[bit].a & set;
    sum.b ^= matrix[bit].b & set;
  }
  return sum;
}

/** Of 1, 2, 4, 8, ... steps: more than any weight has numbers. */
std::vector<Matrix> doublings() {
  std::vector<Matrix> powers(40);
  for (std::size_t bit = 0; bit < 128; bit++) {
    const uint64_t one = uint64_t{1} << bit % 64;
    Xoroshiro state = bit < 64 ? Xoroshiro{one, 0} : Xoroshiro{0, one};
    state.next();
    powers[0][bit] = state;
  }
  for (std::size_t power = 1; power < powers.size(); power++) {
    const Matrix& half = powers[power - 1];
    for (std::size_t bit = 0; bit < 128; bit++) powers[power][bit] = times(half, half[bit]);
  }
  return powers;
}
}  // namespace

Xoroshiro Xoroshiro::after(uint64_t numbers) const {
  static const std::vector<Matrix> powers = doublings();
  Xoroshiro state = *this;
  for (const Matrix& power : powers) {
    if (numbers & 1) state = times(power, state);
    numbers >>= 1;
  }
  return state;
}

}  // namespace zico
