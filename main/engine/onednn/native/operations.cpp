// The table of operations: main/engine/onednn/lower.ts writes these names.
#include <map>

#include "lowerings.hpp"

namespace zico {

Lowering loweringOf(const std::string& op) {
  static const std::map<std::string, Lowering> table{
      {"conv", conv},
      {"conv-input-gradient", convInputGradient},
      {"conv-weight-gradient", convWeightGradient},
      {"batch-normalization", batchNormalization},
      {"batch-normalization-gradient", batchNormalizationGradient},
      {"sum", sum},
      {"relu", relu},
      {"masked-sum", maskedSum},
      {"average-pool", averagePool},
      {"average-pool-gradient", averagePoolGradient},
      {"product", product},
      {"matrices", matrices},
      {"alias", alias},
      {"cross-entropy", crossEntropy},
      {"cross-entropy-gradient", crossEntropyGradient},
      {"affine", function},
      {"exp", function},
      {"log", function},
      {"sqrt", function},
      {"reciprocal", function},
      {"abs", function},
      {"sigmoid", function},
      {"swish", function},
      {"swish-gradient", swishGradient},
      {"tanh", function},
      {"erf", function},
      {"pow", function},
      {"square", function},
      {"inside", function},
      {"leaky-relu", function},
      {"elu", function},
      {"gelu", function},
      {"gelu-tanh", function},
      {"clip", function},
      {"hard-sigmoid", function},
      {"hard-swish", function},
      {"add", binary},
      {"subtract", binary},
      {"multiply", binary},
      {"divide", binary},
      {"prelu", binary},
      {"reduce", reduce},
      {"move", move},
      {"gather", gatherRows},
      {"along-axis", alongAxis},
      {"softmax", softmax},
      {"normalise-rows", normaliseRows},
      {"max-pool", maxPool},
      {"max-pool-gradient", maxPoolGradient},
      {"padded-mean", paddedMean},
      {"padded-mean-gradient", paddedMeanGradient},
      {"detection-loss", detectionLoss},
      {"focal-gradient", focalGradient},
      {"huber-gradient", huberGradient},
  };
  const auto found = table.find(op);
  return found == table.end() ? nullptr : found->second;
}

}  // namespace zico
