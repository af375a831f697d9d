// Dense 3x3 convolutions by Winograd's method, where a plan asks for it and it pays.
#pragma once
#include "program.hpp"
#include "vector/winograd.hpp"

namespace zico {

/** A convolution as its step says. */
struct Windows {
  Dims kernel, strides, before, after, dilations;
  int64_t group;
};

/**
 * Whether the method takes this convolution of x to y: 3x3, dense, by single places, evenly padded, and so
 * large that transforming costs less than it saves. It depends on sizes alone, so that the same network
 * comes out alike wherever the same instructions are.
 * @param y with all images that the transformed weights, or their gradient, are made for
 */
bool takesWinograd(const Program& program, const Windows& windows, const Dims& x, const Dims& y);

/** x, weights (out x in x 3 x 3), bias or -1 -> y. `turned`: from y's gradient to x's, padded by 2 - pad. */
void winograd(Program& program, int x, int weights, int bias, int y, int64_t pad, bool turned);

/** x, gradient of y -> gradient of the weights. */
void winogradWeightGradient(Program& program, int x, int dy, int dw, int64_t pad);

}  // namespace zico
