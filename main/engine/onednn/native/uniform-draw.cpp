#include "uniform-draw.hpp"

#include "vector/kernels.hpp"
#include "xoroshiro.hpp"

namespace zico {

namespace {
/** Where eight generators save more than it costs to begin them. */
constexpr int64_t kWorthLanes = 16384;
}  // namespace

void UniformDraw::into(float* out, int64_t count) const {
  Xoroshiro random = Xoroshiro::seeded(generatorSeed);
  int64_t drawn = 0;
  const auto drawLanes = vector::kernels().drawLanes;
  if (drawLanes && count >= kWorthLanes) {
    constexpr int64_t lanes = vector::kDrawnLanes;
    const int64_t each = count / lanes;
    uint64_t a[lanes], b[lanes];
    for (int64_t lane = 0; lane < lanes; lane++) {
      a[lane] = random.a;
      b[lane] = random.b;
      random = random.after(each);
    }
    drawLanes(a, b, bound, out, each);
    drawn = lanes * each;
  }
  for (; drawn < count; drawn++) {
    out[drawn] = static_cast<float>(random.next() / 2147483648.0 * bound);
  }
}

}  // namespace zico
