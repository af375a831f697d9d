// Which of a processor's instructions the add-on takes: its own kernels and oneDNN's alike.
#pragma once
#include <string>

namespace zico {

/**
 * "avx512", "avx2", "neon" or "scalar": the fastest that this processor has, or what the environment names
 * (ZICO_INSTRUCTIONS). They decide the last digits of a score and are part of the engine's identity.
 * oneDNN is held to the same unless DNNL_MAX_CPU_ISA says what it may take; where that is less than AVX-512,
 * so is what is ours. Settled when it is first asked for.
 * @throws std::runtime_error for a name that nobody knows or that this processor lacks
 */
const std::string& instructions();

}  // namespace zico
