// Compiled once for each instruction set; ZICO_WINOGRAD is the name of this set's table.
#include "winograd.hpp"

namespace zico::vector {

namespace {
#if defined(__AVX512F__)
constexpr int kWidth = 16;
#elif defined(__AVX2__)
constexpr int kWidth = 8;
#else
constexpr int kWidth = 4;
#endif
template <int N>
struct VectorOf {
  typedef float Type __attribute__((vector_size(N * sizeof(float))));
};
template <int N>
using Vector = typename VectorOf<N>::Type;

// Templates lose the alignment of a type argument, so it is stated where memory is accessed.
template <typename V>
inline V load(const float* p) {
  typedef float Loose __attribute__((vector_size(sizeof(V)), aligned(4), may_alias));
  return *reinterpret_cast<const Loose*>(p);
}
template <typename V>
inline void store(float* p, V v) {
  typedef float Loose __attribute__((vector_size(sizeof(V)), aligned(4), may_alias));
  *reinterpret_cast<Loose*>(p) = v;
}

inline int64_t roundUp(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

/** What follows from a shape. Not its members: the linker would keep those of any instruction set. */
struct Sizes {
  int64_t ins, outs, across, ofImage;
  explicit Sizes(const WinogradShape& s)
      : ins(roundUp(s.ins, s.inLanes)),
        outs(roundUp(s.outs, s.outLanes)),
        across((s.outWidth + 3) / 4),
        ofImage(across * ((s.outHeight + 3) / 4)) {}
};

/** Distance between the points of this many tiles: not a multiple of a page, whose lines would collide in a cache. */
inline int64_t pointStride(int64_t tiles, int64_t channels) { return tiles * channels + 16; }

// The transforms at the points 0, +-5/8, +-3/2 and infinity, which round less than 0, +-1, +-2 do, and
// whose powers single precision holds exactly.
constexpr double kA = 0.625, kB = 1.5;
constexpr float a1 = kA, a2 = kA * kA, a3 = kA * kA * kA;
constexpr float b1 = kB, b2 = kB * kB, b3 = kB * kB * kB;
constexpr float kSum = kA * kA + kB * kB, kProduct = kA * kA * kB * kB;

/** B' of six numbers. */
template <typename V>
inline void transformInput(const V* d, int from, V* o, int to) {
  const V d0 = d[0], d1 = d[from], d2 = d[2 * from], d3 = d[3 * from], d4 = d[4 * from],
          d5 = d[5 * from];
  const V even = d4 - b2 * d2, odd = a1 * (d3 - b2 * d1);
  const V evenB = d4 - a2 * d2, oddB = b1 * (d3 - a2 * d1);
  o[0] = d4 - kSum * d2 + kProduct * d0;
  o[to] = even + odd;
  o[2 * to] = even - odd;
  o[3 * to] = evenB + oddB;
  o[4 * to] = evenB - oddB;
  o[5 * to] = d5 - kSum * d3 + kProduct * d1;
}

/** A' of six numbers: four. */
template <typename V>
inline void transformOutput(const V* m, int from, V* o, int to) {
  const V p = m[from] + m[2 * from], q = m[from] - m[2 * from];
  const V r = m[3 * from] + m[4 * from], u = m[3 * from] - m[4 * from];
  o[0] = m[0] + p + r;
  o[to] = a1 * q + b1 * u;
  o[2 * to] = a2 * p + b2 * r;
  o[3 * to] = a3 * q + b3 * u + m[5 * from];
}

/** A of four numbers: six. */
template <typename V>
inline void transformSlopes(const V* y, int from, V* o, int to) {
  const V y0 = y[0], y1 = y[from], y2 = y[2 * from], y3 = y[3 * from];
  const V even = y0 + a2 * y2, odd = a1 * y1 + a3 * y3;
  const V evenB = y0 + b2 * y2, oddB = b1 * y1 + b3 * y3;
  o[0] = y0;
  o[to] = even + odd;
  o[2 * to] = even - odd;
  o[3 * to] = evenB + oddB;
  o[4 * to] = evenB - oddB;
  o[5 * to] = y3;
}

// G divides by the product of a point's distances from the other finite ones.
constexpr float gZero = 1 / (kA * kA * kB * kB);
constexpr float gA = 1 / (2 * kA * kA * (kA * kA - kB * kB));
constexpr float gB = 1 / (2 * kB * kB * (kB * kB - kA * kA));

/** G of three numbers: six. */
template <typename V>
inline void transformWeights(const V* w, int from, V* o, int to) {
  const V w0 = w[0], w1 = w[from], w2 = w[2 * from];
  const V even = gA * w0 + gA * a2 * w2, odd = gA * a1 * w1;
  const V evenB = gB * w0 + gB * b2 * w2, oddB = gB * b1 * w1;
  o[0] = gZero * w0;
  o[to] = even + odd;
  o[2 * to] = even - odd;
  o[3 * to] = evenB + oddB;
  o[4 * to] = evenB - oddB;
  o[5 * to] = w2;
}

/** G' of six numbers: three. */
template <typename V>
inline void transformSums(const V* m, int from, V* o, int to) {
  const V p = m[from] + m[2 * from], q = m[from] - m[2 * from];
  const V r = m[3 * from] + m[4 * from], u = m[3 * from] - m[4 * from];
  o[0] = gZero * m[0] + gA * p + gB * r;
  o[to] = gA * a1 * q + gB * b1 * u;
  o[2 * to] = gA * a2 * p + gB * b2 * r + m[5 * from];
}

/** Where a tile lies: its image, and its first row and column of results. */
struct Tile {
  int64_t image, row, column;
  Tile(const Sizes& sizes, int64_t index)
      : image(index / sizes.ofImage),
        row(index % sizes.ofImage / sizes.across * 4),
        column(index % sizes.across * 4) {}
};

/** The part of a square of places that lies on a map. */
struct Window {
  int64_t top, bottom, left, right;
  Window(int64_t row, int64_t column, int64_t size, int64_t height, int64_t width)
      : top(row < 0 ? -row : 0),
        bottom(row + size > height ? height - row : size),
        left(column < 0 ? -column : 0),
        right(column + size > width ? width - column : size) {}
  bool whole(int64_t size) const {
    return top == 0 && left == 0 && bottom == size && right == size;
  }
};

/** Reads a square of places; what lies outside of the map is zero. */
template <int Size, typename V>
inline void readSquare(const float* from, const Window& window, int64_t width, int64_t lanes, V* d) {
  if (window.whole(Size)) {
    for (int i = 0; i < Size; i++) {
      for (int j = 0; j < Size; j++) d[i * Size + j] = load<V>(from + (i * width + j) * lanes);
    }
    return;
  }
  for (int i = 0; i < Size; i++) {
    for (int j = 0; j < Size; j++) {
      const bool there = i >= window.top && i < window.bottom && j >= window.left && j < window.right;
      if (there) d[i * Size + j] = load<V>(from + (i * width + j) * lanes);
      else d[i * Size + j] = V{};
    }
  }
}

/** A map of one channel block after the other, as it lies in memory. */
struct Maps {
  int64_t height, width, lanes;
  /** Numbers from one image to the next. */
  int64_t image;
  Maps(int64_t channels, int64_t height, int64_t width, int64_t lanes)
      : height(height), width(width), lanes(lanes), image(channels * height * width) {}
  /** Where the number of a channel lies; the place may be outside of the map. */
  int64_t at(int64_t image, int64_t channel, int64_t row, int64_t column) const {
    return image * this->image + channel / lanes * lanes * height * width + channel % lanes +
           (row * width + column) * lanes;
  }
};

// Channels in the outer loop, tiles in the inner one: neighbouring tiles share cache lines, and blocks of
// channels can lie so far apart that they collide in a cache.

/** How a line of places becomes six points: `transformInput` or `transformSlopes`. */
template <typename V>
using ToPoints = void (*)(const V* places, int from, V* points, int to);

/**
 * Squares of `Size` x `Size` places, a tile's first one `top` and `left` before its results -> points x tiles x
 * channels.
 */
template <typename V, int Size, ToPoints<V> toPoints>
void gather(const Maps& maps, const Sizes& sizes, int64_t channels, const float* from, int64_t top, int64_t left,
            WinogradTiles tiles, float* to) {
  constexpr int64_t width = sizeof(V) / sizeof(float);
  const int64_t stride = pointStride(tiles.count, channels);
  for (int64_t c = 0; c < channels; c += width) {
    for (int64_t t = 0; t < tiles.count; t++) {
      const Tile tile(sizes, tiles.first + t);
      const int64_t row = tile.row - top, column = tile.column - left;
      const Window window(row, column, Size, maps.height, maps.width);
      V d[Size * Size], e[6 * Size];
      readSquare<Size>(from + maps.at(tile.image, c, row, column), window, maps.width, maps.lanes, d);
      for (int j = 0; j < Size; j++) toPoints(d + j, Size, e + j, Size);
      float* own = to + t * channels + c;
      for (int i = 0; i < 6; i++) {
        V f[6];
        toPoints(e + i * Size, 1, f, 1);
        for (int j = 0; j < 6; j++) store(own + (i * 6 + j) * stride, f[j]);
      }
    }
  }
}

/** x -> points x tiles x channels. */
template <typename V>
void gatherInputs(const WinogradShape& s, const Sizes& sizes, const float* x, WinogradTiles tiles,
                  float* to) {
  const Maps maps(sizes.ins, s.height, s.width, s.inLanes);
  gather<V, 6, transformInput<V>>(maps, sizes, sizes.ins, x, s.top, s.left, tiles, to);
}

/** dy -> points x tiles x channels. */
template <typename V>
void gatherSlopes(const WinogradShape& s, const Sizes& sizes, const float* dy, WinogradTiles tiles,
                  float* to) {
  const Maps maps(sizes.outs, s.outHeight, s.outWidth, s.outLanes);
  gather<V, 4, transformSlopes<V>>(maps, sizes, sizes.outs, dy, 0, 0, tiles, to);
}

/** points x tiles x channels -> y. */
template <typename V>
void scatterOutputs(const WinogradShape& s, const Sizes& sizes, const float* from, const float* bias,
                    WinogradTiles tiles, float* y) {
  constexpr int64_t width = sizeof(V) / sizeof(float);
  const int64_t stride = pointStride(tiles.count, sizes.outs);
  const Maps maps(sizes.outs, s.outHeight, s.outWidth, s.outLanes);
  for (int64_t c = 0; c < sizes.outs; c += width) {
    const V shift = bias ? load<V>(bias + c) : V{};
    for (int64_t t = 0; t < tiles.count; t++) {
      const Tile tile(sizes, tiles.first + t);
      const Window window(tile.row, tile.column, 4, s.outHeight, s.outWidth);
      V d[36], e[24];
      const float* own = from + t * sizes.outs + c;
      for (int k = 0; k < 36; k++) d[k] = load<V>(own + k * stride);
      for (int j = 0; j < 6; j++) transformOutput(d + j, 6, e + j, 6);
      float* out = y + maps.at(tile.image, c, tile.row, tile.column);
      for (int64_t i = 0; i < window.bottom; i++) {
        V f[4];
        transformOutput(e + i * 6, 1, f, 1);
        for (int64_t j = 0; j < window.right; j++) {
          store(out + (i * s.outWidth + j) * s.outLanes, f[j] + shift);
        }
      }
    }
  }
}

/** One operand of a product: how far apart its rows lie, and the terms of a sum. */
struct Left {
  const float* at;
  int64_t row, next;
};
struct Right {
  const float* at;
  int64_t next;
};

/**
 * `Rows` x `Vectors` sums, each in a register; `terms` products are added up to each. They go to `to`, or
 * are added to what is there.
 */
template <typename V, int Rows, int Vectors, bool Adjacent, bool Add>
inline void sumRows(Left left, Right right, int64_t terms, float* to, int64_t toRow) {
  constexpr int64_t width = sizeof(V) / sizeof(float);
  V sums[Rows][Vectors];
  for (int r = 0; r < Rows; r++) {
    for (int v = 0; v < Vectors; v++) {
      if constexpr (Add) sums[r][v] = load<V>(to + r * toRow + v * width);
      else sums[r][v] = V{};
    }
  }
  // A pointer for every three rows: the processor adds once or twice a distance itself.
  constexpr int threes = (Rows + 2) / 3;
  const float* rows[threes];
  for (int g = 0; g < threes; g++) rows[g] = left.at + 3 * g * left.row;
  const float* b = right.at;
  const int64_t row = left.row;
  for (int64_t k = 0; k < terms; k++) {
    V own[Vectors];
    for (int v = 0; v < Vectors; v++) own[v] = load<V>(b + v * width);
    b += right.next;
#pragma GCC unroll 16
    for (int r = 0; r < Rows; r++) {
      const float a = Adjacent ? rows[0][r] : rows[r / 3][r % 3 * row];
      for (int v = 0; v < Vectors; v++) sums[r][v] += a * own[v];
    }
    if (Adjacent) {
      rows[0] += left.next;
    } else {
      for (int g = 0; g < threes; g++) rows[g]++;
    }
  }
  for (int r = 0; r < Rows; r++) {
    for (int v = 0; v < Vectors; v++) store(to + r * toRow + v * width, sums[r][v]);
  }
}

/** Rows whose sums fit into the registers with two vectors each. */
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kRowsOfTwo = 12;
#else
constexpr int kRowsOfTwo = 6;
#endif

template <typename V, int Vectors, bool Adjacent, bool Add>
void sumPanel(Left left, Right right, int64_t rows, int64_t terms, float* to, int64_t toRow) {
  constexpr int most = Vectors == 2 ? kRowsOfTwo : 12;
  int64_t r = 0;
  const auto at = [&](int64_t row) {
    return Left{left.at + row * left.row, left.row, left.next};
  };
  for (; r + most <= rows; r += most) {
    sumRows<V, most, Vectors, Adjacent, Add>(at(r), right, terms, to + r * toRow, toRow);
  }
  if (most > 6 && r + 6 <= rows) {
    sumRows<V, 6, Vectors, Adjacent, Add>(at(r), right, terms, to + r * toRow, toRow);
    r += 6;
  }
  if (r + 4 <= rows) {
    sumRows<V, 4, Vectors, Adjacent, Add>(at(r), right, terms, to + r * toRow, toRow);
    r += 4;
  }
  if (r + 2 <= rows) {
    sumRows<V, 2, Vectors, Adjacent, Add>(at(r), right, terms, to + r * toRow, toRow);
    r += 2;
  }
  if (r < rows) {
    sumRows<V, 1, Vectors, Adjacent, Add>(at(r), right, terms, to + r * toRow, toRow);
  }
}

/** Channels of results that are computed together from `channel` on, of `left` that there still are. */
inline int64_t panelOf(int64_t left) {
  if (left >= 2 * kWidth) return 2 * kWidth;
  return left >= kWidth ? kWidth : 8;
}

/**
 * rows x terms times terms x outs, in panels of channels.
 * @param panelAt where the terms of the channels from `o` on lie, of which there are `panel`
 */
template <bool Adjacent, bool Add, typename PanelAt>
void sumPanels(Left left, const PanelAt& panelAt, int64_t rows, int64_t terms, int64_t outs, float* to) {
  for (int64_t o = 0; o < outs;) {
    const int64_t panel = panelOf(outs - o);
    const Right right = panelAt(o, panel);
    if (panel == 2 * kWidth) {
      sumPanel<Vector<kWidth>, 2, Adjacent, Add>(left, right, rows, terms, to + o, outs);
    } else if (panel == kWidth) {
      sumPanel<Vector<kWidth>, 1, Adjacent, Add>(left, right, rows, terms, to + o, outs);
    } else {
      sumPanel<Vector<8>, 1, Adjacent, Add>(left, right, rows, terms, to + o, outs);
    }
    o += panel;
  }
}

/** tiles x ins times ins x outs, whose panels lie one after the other. */
void productOfPoint(const WinogradShape& s, const Sizes& sizes, const float* inputs,
                    const float* weights, int64_t tiles, float* to) {
  const auto panelAt = [&](int64_t o, int64_t panel) { return Right{weights + o * s.ins, panel}; };
  sumPanels<false, false>(Left{inputs, sizes.ins, 1}, panelAt, tiles, s.ins, sizes.outs, to);
}

/** ins x tiles times tiles x outs, added to the sums. */
void productOfSlopes(const WinogradShape& s, const Sizes& sizes, const float* inputs,
                     const float* slopes, int64_t tiles, float* sums) {
  const auto panelAt = [&](int64_t o, int64_t) { return Right{slopes + o, sizes.outs}; };
  sumPanels<true, true>(Left{inputs, 1, sizes.ins}, panelAt, s.ins, tiles, sizes.outs, sums);
}

int64_t weightNumbers(const WinogradShape& s) {
  return kWinogradPoints * s.ins * Sizes(s).outs;
}

int64_t spaceNumbers(const WinogradShape& s, int64_t tiles) {
  const Sizes sizes(s);
  return kWinogradPoints * (pointStride(tiles, sizes.ins) + pointStride(tiles, sizes.outs));
}

void weights(const WinogradShape& s, const float* plain, bool turned, int64_t from, int64_t to,
             float* transformed) {
  const Sizes sizes(s);
  typedef Vector<8> V;
  const int64_t outStep = turned ? 9 : s.ins * 9;
  const int64_t inStep = turned ? s.outs * 9 : 9;
  for (int64_t o = 0; o < sizes.outs;) {
    const int64_t panel = panelOf(sizes.outs - o);
    for (int64_t c = from; c < to; c++) {
      for (int64_t first = o; first < o + panel; first += 8) {
        V w[9], e[18];
        for (int lane = 0; lane < 8; lane++) {
          const bool there = first + lane < s.outs;
          const float* own = plain + (first + lane) * outStep + c * inStep;
          for (int i = 0; i < 9; i++) w[turned ? 8 - i : i][lane] = there ? own[i] : 0;
        }
        for (int j = 0; j < 3; j++) transformWeights(w + j, 3, e + j, 3);
        float* at = transformed + o * s.ins + c * panel + first - o;
        for (int i = 0; i < 6; i++) {
          V f[6];
          transformWeights(e + i * 3, 1, f, 1);
          for (int j = 0; j < 6; j++) store(at + (i * 6 + j) * s.ins * sizes.outs, f[j]);
        }
      }
    }
    o += panel;
  }
}

/** Vectors as wide as the processor has them where the channels side by side fill them. */
constexpr bool fills(int64_t lanes) { return kWidth > 8 && lanes % kWidth == 0; }
constexpr int kWider = kWidth > 8 ? kWidth : 8;

void inputs(const WinogradShape& s, const Sizes& sizes, const float* x, WinogradTiles tiles,
            float* to) {
  if (fills(s.inLanes)) gatherInputs<Vector<kWider>>(s, sizes, x, tiles, to);
  else gatherInputs<Vector<8>>(s, sizes, x, tiles, to);
}

void forward(const WinogradShape& s, const float* x, const float* transformed, const float* bias,
             WinogradTiles tiles, float* space, float* y) {
  const Sizes sizes(s);
  const int64_t inStride = pointStride(tiles.count, sizes.ins);
  const int64_t outStride = pointStride(tiles.count, sizes.outs);
  float* products = space + kWinogradPoints * inStride;
  inputs(s, sizes, x, tiles, space);
  for (int64_t k = 0; k < kWinogradPoints; k++) {
    productOfPoint(s, sizes, space + k * inStride, transformed + k * s.ins * sizes.outs, tiles.count,
                   products + k * outStride);
  }
  if (fills(s.outLanes)) scatterOutputs<Vector<kWider>>(s, sizes, products, bias, tiles, y);
  else scatterOutputs<Vector<8>>(s, sizes, products, bias, tiles, y);
}

void gradient(const WinogradShape& s, const float* x, const float* dy, WinogradTiles tiles,
              float* space, float* sums) {
  const Sizes sizes(s);
  const int64_t inStride = pointStride(tiles.count, sizes.ins);
  const int64_t outStride = pointStride(tiles.count, sizes.outs);
  float* slopes = space + kWinogradPoints * inStride;
  inputs(s, sizes, x, tiles, space);
  if (fills(s.outLanes)) gatherSlopes<Vector<kWider>>(s, sizes, dy, tiles, slopes);
  else gatherSlopes<Vector<8>>(s, sizes, dy, tiles, slopes);
  for (int64_t k = 0; k < kWinogradPoints; k++) {
    productOfSlopes(s, sizes, space + k * inStride, slopes + k * outStride, tiles.count,
                    sums + k * s.ins * sizes.outs);
  }
}

void gradientWeights(const WinogradShape& s, const float* sums, int64_t from, int64_t to, float* dw) {
  const Sizes sizes(s);
  typedef Vector<8> V;
  const int64_t stride = s.ins * sizes.outs;
  for (int64_t c = from; c < to; c++) {
    for (int64_t o = 0; o < s.outs; o += 8) {
      V m[36], e[18];
      for (int k = 0; k < 36; k++) m[k] = load<V>(sums + k * stride + c * sizes.outs + o);
      for (int j = 0; j < 6; j++) transformSums(m + j, 6, e + j, 6);
      for (int i = 0; i < 3; i++) {
        V f[3];
        transformSums(e + i * 6, 1, f, 1);
        for (int j = 0; j < 3; j++) {
          float* at = dw + ((i * 3 + j) * s.ins + c) * s.outs + o;
          if (o + 8 <= s.outs) store(at, f[j]);
          else for (int64_t lane = 0; o + lane < s.outs; lane++) at[lane] = f[j][lane];
        }
      }
    }
  }
}
}  // namespace

extern const WinogradKernels ZICO_WINOGRAD;
const WinogradKernels ZICO_WINOGRAD{kWider,  weightNumbers, spaceNumbers,   weights,
                                    forward, gradient,      gradientWeights};

}  // namespace zico::vector
