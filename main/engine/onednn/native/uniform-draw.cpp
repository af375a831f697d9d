#include "uniform-draw.hpp"

#include <omp.h>

#include <algorithm>

#include "vector/kernels.hpp"
#include "xoroshiro.hpp"

namespace zico {

namespace {
/** Where eight generators save more than it costs to begin them. */
constexpr int64_t kWorthLanes = 16384;

void draw(Xoroshiro random, double bound, float* out, int64_t count) {
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
}  // namespace

void UniformDraw::into(float* out, int64_t count) const {
  const Xoroshiro random = Xoroshiro::seeded(generatorSeed);
  const int64_t parts =
      std::max<int64_t>(1, std::min<int64_t>(omp_get_max_threads(), count / kWorthLanes));
#pragma omp parallel for schedule(static) num_threads(parts)
  for (int64_t part = 0; part < parts; part++) {
    const int64_t from = count * part / parts, to = count * (part + 1) / parts;
    draw(from > 0 ? random.after(static_cast<uint64_t>(from)) : random, bound, out + from, to - from);
  }
}

}  // namespace zico
