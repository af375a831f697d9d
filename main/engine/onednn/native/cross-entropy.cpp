// Softmax cross-entropy over N x classes x places, averaged over the targets that are classes.
#include <algorithm>
#include <cmath>

#include "lowerings.hpp"

namespace zico {

namespace {
/** Of one batch. */
struct Size {
  int64_t images, classes, places;
  Size(const Dims& dims, int together) : images(dims[0] / together), classes(dims[1]), places(1) {
    for (size_t axis = 2; axis < dims.size(); axis++) places *= dims[axis];
  }
  int64_t numbers() const { return images * classes * places; }
};

bool counts(int32_t target, const Size& size) { return target >= 0 && target < size.classes; }

/** At least 1, so that a batch without any target has loss 0. */
double counted(const int32_t* targets, const Size& size) {
  const auto all = size.images * size.places;
  const auto known = std::count_if(targets, targets + all,
                                   [&](int32_t target) { return counts(target, size); });
  return static_cast<double>(std::max<int64_t>(1, known));
}

/** A batch's loss; writes the log-probabilities. */
double lossOf(const float* logits, const int32_t* targets, const Size& size, float* logs) {
  double loss = 0;
  for (int64_t image = 0; image < size.images; image++) {
    for (int64_t place = 0; place < size.places; place++) {
      const int64_t start = image * size.classes * size.places + place;
      const float* x = logits + start;
      float* y = logs + start;
      double largest = x[0];
      for (int64_t c = 1; c < size.classes; c++) largest = std::max<double>(largest, x[c * size.places]);
      double sum = 0;
      for (int64_t c = 0; c < size.classes; c++) sum += std::exp(x[c * size.places] - largest);
      const double logarithm = largest + std::log(sum);
      for (int64_t c = 0; c < size.classes; c++) {
        y[c * size.places] = static_cast<float>(x[c * size.places] - logarithm);
      }
      const int32_t target = targets[image * size.places + place];
      if (counts(target, size)) loss -= x[target * size.places] - logarithm;
    }
  }
  return loss / counted(targets, size);
}

/** Slopes of a batch's loss; they may go where the log-probabilities are. */
void slopesOf(const float* logs, const int32_t* targets, const Size& size, float* out) {
  const double share = 1 / counted(targets, size);
  for (int64_t image = 0; image < size.images; image++) {
    for (int64_t place = 0; place < size.places; place++) {
      const int64_t start = image * size.classes * size.places + place;
      const int32_t target = targets[image * size.places + place];
      const bool known = counts(target, size);
      for (int64_t c = 0; c < size.classes; c++) {
        const int64_t at = start + c * size.places;
        const double slope = std::exp(static_cast<double>(logs[at])) - (c == target);
        out[at] = known ? static_cast<float>(slope * share) : 0;
      }
    }
  }
}
}  // namespace

/** logits -> log-probabilities; the loss of each batch goes into the result. */
void crossEntropy(Program& program, const Step& step) {
  const Copy logits = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0]);
  const Size size(program.dims(step.inputs[0]), program.together());
  program.act({logits.buffer, out.buffer}, [&program, logits, out, size](dnnl::stream&) {
    for (int part = 0; part < program.together(); part++) {
      const int64_t start = part * size.numbers();
      program.result().losses.push_back(lossOf(program.at(logits) + start,
                                               program.batch(part).targets, size,
                                               program.at(out) + start));
    }
  });
}

/** log-probabilities -> gradient of the logits. */
void crossEntropyGradient(Program& program, const Step& step) {
  const Copy logs = program.plain(step.inputs[0]);
  const Copy out = program.outPlain(step.outputs[0], step.inputs[0]);
  const Size size(program.dims(step.inputs[0]), program.together());
  program.act({logs.buffer, out.buffer}, [&program, logs, out, size](dnnl::stream&) {
    for (int part = 0; part < program.together(); part++) {
      const int64_t start = part * size.numbers();
      slopesOf(program.at(logs) + start, program.batch(part).targets, size, program.at(out) + start);
    }
  });
}

}  // namespace zico
