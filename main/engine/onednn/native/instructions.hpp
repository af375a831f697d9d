// Which of a processor's instructions the add-on uses, in its own kernels and in oneDNN's.
#pragma once
#include <string>

namespace zico {

/**
 * "avx512", "avx2", "neon" or "scalar": the fastest that this processor has, or what the environment names
 * (ZICO_INSTRUCTIONS). They decide the last digits of a score and are part of the engine's identity.
 * oneDNN is held to the same unless DNNL_MAX_CPU_ISA says what it may use; where that excludes AVX-512, our
 * own kernels do without it as well. Decided on the first call.
 * @throws std::runtime_error for an unknown name, or instructions that this processor lacks
 */
const std::string& instructions();

}  // namespace zico
