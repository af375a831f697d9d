// Pools window by window: maxima and their gradients, and means where padding counts but not all of it.
#include <algorithm>
#include <limits>

#include "lowerings.hpp"

namespace zico {

namespace {
/** ints: kernel, strides, pads (top, left, bottom, right), dilations. */
struct Windows {
  int64_t height, width, rows, columns, planes;
  std::vector<int64_t> n;

  Windows(const Step& step, const Dims& x, const Dims& y)
      : height(x[2]), width(x[3]), rows(y[2]), columns(y[3]), planes(x[0] * x[1]), n(step.ints) {}

  /** Calls `at(place in the plane)` for every value of a window, row by row. */
  template <typename At>
  void each(int64_t row, int64_t column, At at) const {
    for (int64_t i = 0; i < n[0]; i++) {
      const int64_t r = row * n[2] - n[4] + i * n[8];
      if (r < 0 || r >= height) continue;
      for (int64_t j = 0; j < n[1]; j++) {
        const int64_t c = column * n[3] - n[5] + j * n[9];
        if (c >= 0 && c < width) at(r * width + c);
      }
    }
  }

  /** Calls `window(plane, place in its result, row, column)` for every window, planes in parallel. */
  template <typename Window>
  void all(Window window) const {
#pragma omp parallel for schedule(static)
    for (int64_t plane = 0; plane < planes; plane++) {
      for (int64_t row = 0; row < rows; row++) {
        for (int64_t column = 0; column < columns; column++) {
          window(plane, row * columns + column, row, column);
        }
      }
    }
  }

  /** Values of a window, padding counted: a window that hangs over the padding's edge is cut there. */
  float area(int64_t row, int64_t column) const {
    const auto along = [](int64_t start, int64_t kernel, int64_t dilation, int64_t end) {
      int64_t count = 0;
      for (int64_t i = 0; i < kernel; i++) count += start + i * dilation < end;
      return count;
    };
    return static_cast<float>(along(row * n[2] - n[4], n[0], n[8], height + n[6]) *
                              along(column * n[3] - n[5], n[1], n[9], width + n[7]));
  }

  int64_t plane() const { return height * width; }
  int64_t results() const { return rows * columns; }
};

/** The first of equal maxima, as in PyTorch. */
int64_t largest(const Windows& windows, const float* plane, int64_t row, int64_t column) {
  int64_t best = -1;
  windows.each(row, column, [&](int64_t place) {
    if (best < 0 || plane[place] > plane[best] || plane[place] != plane[place]) best = place;
  });
  return best;
}
}  // namespace

void maxPool(Program& program, const Step& step) {
  const Copy x = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0]);
  const Windows windows(step, program.dims(step.inputs[0]), program.dims(step.outputs[0]));
  program.act({x.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    windows.all([&](int64_t plane, int64_t place, int64_t row, int64_t column) {
      const float* numbers = program.at(x) + plane * windows.plane();
      const int64_t best = largest(windows, numbers, row, column);
      program.at(out)[plane * windows.results() + place] =
          best < 0 ? -std::numeric_limits<float>::infinity() : numbers[best];
    });
  });
}

/** gradient of y, x -> gradient of x. */
void maxPoolGradient(Program& program, const Step& step) {
  const Copy dy = program.plain(step.inputs[0]);
  const Copy x = program.plain(step.inputs[1]);
  const Copy out = program.outPlain(step.outputs[0]);
  const Windows windows(step, program.dims(step.inputs[1]), program.dims(step.inputs[0]));
  program.act({dy.buffer, x.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    float* slopes = program.at(out);
    std::fill(slopes, slopes + windows.planes * windows.plane(), 0.0f);
    windows.all([&](int64_t plane, int64_t place, int64_t row, int64_t column) {
      const int64_t start = plane * windows.plane();
      const int64_t best = largest(windows, program.at(x) + start, row, column);
      if (best < 0) return;
      slopes[start + best] += program.at(dy)[plane * windows.results() + place];
    });
  });
}

/** Means that count padding, of windows that may hang over its edge. */
void paddedMean(Program& program, const Step& step) {
  const Copy x = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0]);
  const Windows windows(step, program.dims(step.inputs[0]), program.dims(step.outputs[0]));
  program.act({x.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    windows.all([&](int64_t plane, int64_t place, int64_t row, int64_t column) {
      const float* numbers = program.at(x) + plane * windows.plane();
      float sum = 0;
      windows.each(row, column, [&](int64_t at) { sum += numbers[at]; });
      program.at(out)[plane * windows.results() + place] = sum / windows.area(row, column);
    });
  });
}

void paddedMeanGradient(Program& program, const Step& step) {
  const Copy dy = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0]);
  const Windows windows(step, program.dims(step.outputs[0]), program.dims(step.inputs[0]));
  program.act({dy.buffer, out.buffer}, [=, &program](dnnl::stream&) {
    float* slopes = program.at(out);
    std::fill(slopes, slopes + windows.planes * windows.plane(), 0.0f);
    windows.all([&](int64_t plane, int64_t place, int64_t row, int64_t column) {
      const float share =
          program.at(dy)[plane * windows.results() + place] / windows.area(row, column);
      float* own = slopes + plane * windows.plane();
      windows.each(row, column, [&](int64_t at) { own[at] += share; });
    });
  });
}

}  // namespace zico
