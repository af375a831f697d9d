// Sums and Relu over whole buffers, whatever their layout: padding is zero and stays zero.
#include "lowerings.hpp"

namespace zico {

namespace {
/** Numbers in a buffer, padding included. */
int64_t numbers(const Desc& desc) { return static_cast<int64_t>(desc.get_size() / sizeof(float)); }

/** All inputs in the layout of the first. */
std::vector<Copy> alike(Program& program, const Step& step, size_t from) {
  const Desc desc = program.made(step.inputs[from]).desc;
  std::vector<Copy> copies;
  for (size_t i = from; i < step.inputs.size(); i++) copies.push_back(program.in(step.inputs[i], desc));
  return copies;
}

std::vector<int> buffersOf(const std::vector<Copy>& copies) {
  std::vector<int> buffers;
  for (const Copy& copy : copies) buffers.push_back(copy.buffer);
  return buffers;
}

void addInto(float* out, const float* a, const float* b, int64_t count) {
#pragma omp parallel for simd schedule(static)
  for (int64_t i = 0; i < count; i++) out[i] = a[i] + b[i];
}

void mask(float* out, const float* gradient, const float* y, int64_t count) {
#pragma omp parallel for simd schedule(static)
  for (int64_t i = 0; i < count; i++) out[i] = y[i] > 0 ? gradient[i] : 0;
}

void addMasked(float* out, const float* a, const float* b, const float* y, int64_t count) {
#pragma omp parallel for simd schedule(static)
  for (int64_t i = 0; i < count; i++) out[i] = y[i] > 0 ? a[i] + b[i] : 0;
}
}  // namespace

/** Any number of values of one shape -> their sum. */
void sum(Program& program, const Step& step) {
  const std::vector<Copy> terms = alike(program, step, 0);
  const Copy out = program.out(step.outputs[0], terms[0].desc, step.inputs[0]);
  std::vector<int> touched = buffersOf(terms);
  touched.push_back(out.buffer);
  const int64_t count = numbers(out.desc);
  program.act(touched, [&program, terms, out, count](dnnl::stream&) {
    addInto(program.at(out), program.at(terms[0]), program.at(terms[1]), count);
    for (size_t i = 2; i < terms.size(); i++) {
      addInto(program.at(out), program.at(out), program.at(terms[i]), count);
    }
  });
}

void relu(Program& program, const Step& step) {
  const Copy x = program.made(step.inputs[0]);
  const Copy out = program.out(step.outputs[0], x.desc, step.inputs[0]);
  const int64_t count = numbers(x.desc);
  program.act({x.buffer, out.buffer}, [&program, x, out, count](dnnl::stream&) {
    const float* in = program.at(x);
    float* result = program.at(out);
#pragma omp parallel for simd schedule(static)
    for (int64_t i = 0; i < count; i++) result[i] = in[i] <= 0 ? 0 : in[i];  // NaN stays NaN
  });
}

/** y of a Relu, one or more gradients -> their sum where y is positive, else 0. */
void maskedSum(Program& program, const Step& step) {
  const std::vector<Copy> terms = alike(program, step, 1);
  const Copy y = program.in(step.inputs[0], terms[0].desc);
  const Copy out = program.out(step.outputs[0], terms[0].desc, step.inputs[1]);
  std::vector<int> touched = buffersOf(terms);
  touched.insert(touched.end(), {y.buffer, out.buffer});
  const int64_t count = numbers(out.desc);
  program.act(touched, [&program, terms, y, out, count](dnnl::stream&) {
    const float* sign = program.at(y);
    float* result = program.at(out);
    if (terms.size() == 1) return mask(result, program.at(terms[0]), sign, count);
    const float* sofar = program.at(terms[0]);
    for (size_t i = 1; i + 1 < terms.size(); i++) {
      addInto(result, sofar, program.at(terms[i]), count);
      sofar = result;
    }
    addMasked(result, sofar, program.at(terms.back()), sign, count);
  });
}

}  // namespace zico
