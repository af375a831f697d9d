// EfficientDet's loss: focal loss of the classes plus Huber loss of the boxes, by the number of anchors
// with a box, plus one. floats: alpha, gamma, delta, weight of the boxes. Beside it, losses that other steps compute.
#include <algorithm>
#include <cmath>

#include "lowerings.hpp"

namespace zico {

namespace {
struct Focal {
  /** Loss of one logit, and its slope. */
  double loss, slope;

  /**
   * With s = +1 for an anchor's class and -1 for the others, z = s logit and p = sigmoid(z):
   * loss = -a (1 - p)^gamma ln p, slope = s a (1 - p)^gamma (gamma p ln p + p - 1).
   */
  Focal(double logit, bool own, double alpha, double gamma) {
    const double z = own ? logit : -logit;
    const double power = std::exp(-std::abs(z));
    const double p = z >= 0 ? 1 / (1 + power) : power / (1 + power);
    const double rest = z >= 0 ? power / (1 + power) : 1 / (1 + power);
    const double logP = (z >= 0 ? 0 : z) - std::log1p(power);
    const double factor = (own ? alpha : 1 - alpha) * std::pow(rest, gamma);
    loss = -factor * logP;
    slope = (own ? 1 : -1) * factor * (gamma * p * logP - rest);
  }
};

/** Anchors with a box, plus one. */
double normaliser(const float* positive, int64_t anchors) {
  double sum = 1;
  for (int64_t i = 0; i < anchors; i++) sum += positive[i];
  return sum;
}
}  // namespace

/** class logits, box offsets, target offsets, positive -> nothing; the loss goes into the result. */
void detectionLoss(Program& program, const Step& step) {
  std::vector<Copy> in;
  std::vector<int> touched;
  for (int value : step.inputs) {
    in.push_back(program.plain(value));
    touched.push_back(in.back().buffer);
  }
  const Dims& dims = program.dims(step.inputs[0]);
  const int64_t anchors = dims[0] * dims[1];
  const int64_t classes = dims[2];
  program.act(touched, [=, &program, &step](dnnl::stream&) {
    const int32_t* targets = program.batch(0).targets;
    const double alpha = step.floats[0], gamma = step.floats[1];
    const double delta = step.floats[2], weight = step.floats[3];
    const float *logits = program.at(in[0]), *offsets = program.at(in[1]);
    const float *wanted = program.at(in[2]), *positive = program.at(in[3]);
    std::vector<double> losses(static_cast<size_t>(anchors));
#pragma omp parallel for schedule(static)
    for (int64_t anchor = 0; anchor < anchors; anchor++) {
      double sum = 0;
      for (int64_t c = 0; c < classes; c++) {
        sum += Focal(logits[anchor * classes + c], targets[anchor] == c, alpha, gamma).loss;
      }
      for (int64_t i = 4 * anchor; positive[anchor] != 0 && i < 4 * anchor + 4; i++) {
        const double error = std::abs(static_cast<double>(offsets[i]) - wanted[i]);
        const double near = std::min(error, delta);
        sum += near * (error - near / 2) * positive[anchor] * weight / 4;
      }
      losses[static_cast<size_t>(anchor)] = sum;
    }
    double loss = 0;
    for (double one : losses) loss += one;
    program.result().losses.push_back(loss / normaliser(positive, anchors));
  });
}

/** class logits, positive -> gradient of the logits. */
void focalGradient(Program& program, const Step& step) {
  const Copy logits = program.plain(step.inputs[0]);
  const Copy positive = program.plain(step.inputs[1]);
  const Copy out = program.outPlain(step.outputs[0]);
  const Dims& dims = program.dims(step.inputs[0]);
  const int64_t anchors = dims[0] * dims[1];
  const int64_t classes = dims[2];
  program.act({logits.buffer, positive.buffer, out.buffer}, [=, &program, &step](dnnl::stream&) {
    const int32_t* targets = program.batch(0).targets;
    const double alpha = step.floats[0], gamma = step.floats[1];
    const double share = 1 / normaliser(program.at(positive), anchors);
#pragma omp parallel for schedule(static)
    for (int64_t anchor = 0; anchor < anchors; anchor++) {
      for (int64_t i = anchor * classes, c = 0; c < classes; c++, i++) {
        const Focal focal(program.at(logits)[i], targets[anchor] == c, alpha, gamma);
        program.at(out)[i] = static_cast<float>(focal.slope * share);
      }
    }
  });
}

/** box offsets, target offsets, positive -> gradient of the offsets. */
void huberGradient(Program& program, const Step& step) {
  const Copy offsets = program.plain(step.inputs[0]);
  const Copy wanted = program.plain(step.inputs[1]);
  const Copy positive = program.plain(step.inputs[2]);
  const Copy out = program.outPlain(step.outputs[0]);
  const int64_t anchors = program.elements(step.inputs[2]);
  const std::vector<int> touched{offsets.buffer, wanted.buffer, positive.buffer, out.buffer};
  program.act(touched, [=, &program, &step](dnnl::stream&) {
    const float delta = step.floats[2];
    const double share = step.floats[3] / 4 / normaliser(program.at(positive), anchors);
    for (int64_t i = 0; i < 4 * anchors; i++) {
      const float error = program.at(offsets)[i] - program.at(wanted)[i];
      const float clipped = error < -delta ? -delta : error > delta ? delta : error;
      program.at(out)[i] = static_cast<float>(clipped * program.at(positive)[i / 4] * share);
    }
  });
}

/** One number that other steps have computed -> nothing; it goes into the result. */
void scalarLoss(Program& program, const Step& step) {
  const Copy loss = program.plain(step.inputs[0]);
  program.act({loss.buffer}, [&program, loss](dnnl::stream&) {
    program.result().losses.push_back(program.at(loss)[0]);
  });
}

}  // namespace zico
