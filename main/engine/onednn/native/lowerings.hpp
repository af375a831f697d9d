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
inline Desc anyLayout(const Dims& dims) {
  return Desc(dims, dnnl::memory::data_type::f32, Tag::any);
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
// pooling.cpp
void averagePool(Program&, const Step&);
void averagePoolGradient(Program&, const Step&);
// products.cpp
void product(Program&, const Step&);
void alias(Program&, const Step&);
// cross-entropy.cpp
void crossEntropy(Program&, const Step&);
void crossEntropyGradient(Program&, const Step&);

}  // namespace zico
