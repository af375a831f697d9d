// Every operation of a plan, by family; loweringOf (operations.cpp) finds them by name.
#pragma once
#include "program.hpp"

namespace zico {

/** Scratch memory comes from the arena, not from an allocation of the primitive's own. */
inline dnnl::primitive_attr ownScratchpad() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

/** A layout for oneDNN to choose. */
inline Desc anyLayout(const Dims& dims,
                      dnnl::memory::data_type type = dnnl::memory::data_type::f32) {
  return Desc(dims, type, Tag::any);
}

/** Whether memory holds the values and no padding that would have to stay zero. */
inline bool dense(const Desc& desc) {
  size_t numbers = 1;
  for (int64_t size : desc.dims()) numbers *= static_cast<size_t>(size);
  return desc.get_size() == numbers * sizeof(float);
}

// convolution.cpp
void conv(Program&, const Step&);
void convInputGradient(Program&, const Step&);
void convWeightGradient(Program&, const Step&);
// normalisation.cpp
void batchNormalization(Program&, const Step&);
void batchNormalizationGradient(Program&, const Step&);
// elementwise.cpp
void sum(Program&, const Step&);
void relu(Program&, const Step&);
void maskedSum(Program&, const Step&);
// functions.cpp
void function(Program&, const Step&);
void swishGradient(Program&, const Step&);
// broadcasting.cpp
void binary(Program&, const Step&);
void reduce(Program&, const Step&);
void highest(Program&, const Step&);
// moving.cpp
void move(Program&, const Step&);
void gatherRows(Program&, const Step&);
void alongAxis(Program&, const Step&);
// rows.cpp
void softmax(Program&, const Step&);
void normaliseRows(Program&, const Step&);
// windows.cpp
void maxPool(Program&, const Step&);
void maxPoolGradient(Program&, const Step&);
void paddedMean(Program&, const Step&);
void paddedMeanGradient(Program&, const Step&);
// pooling.cpp
void averagePool(Program&, const Step&);
void averagePoolGradient(Program&, const Step&);
// products.cpp
void product(Program&, const Step&);
void matrices(Program&, const Step&);
void alias(Program&, const Step&);
// cross-entropy.cpp
void crossEntropy(Program&, const Step&);
void crossEntropyGradient(Program&, const Step&);
// detection-loss.cpp
void detectionLoss(Program&, const Step&);
void scalarLoss(Program&, const Step&);
void focalGradient(Program&, const Step&);
void huberGradient(Program&, const Step&);

}  // namespace zico
