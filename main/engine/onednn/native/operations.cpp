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
      {"alias", alias},
      {"cross-entropy", crossEntropy},
      {"cross-entropy-gradient", crossEntropyGradient},
  };
  const auto found = table.find(op);
  return found == table.end() ? nullptr : found->second;
}

}  // namespace zico
