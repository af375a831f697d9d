// The weights' gradient of depthwise convolutions, without oneDNN.
#pragma once
#include "program.hpp"

namespace zico {

/** Whether `depthwiseWeightGradient` takes this convolution. */
bool ownDepthwise(const Step& step, const Dims& x, const Dims& dy, const Dims& weights);

/** gradient of y, x -> gradient of the weights, row-major. */
void depthwiseWeightGradient(Program& program, const Step& step);

}  // namespace zico
