// Convolutions whose operands are rounded to bfloat16; sums and results stay in single precision.
#pragma once
#include <string>

#include "program.hpp"

namespace zico {

/** Whether the processor multiplies bfloat16, and oneDNN may use that (DNNL_MAX_CPU_ISA forbids it). */
inline bool computesBf16() {
  const auto has = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto wanted = static_cast<unsigned>(dnnl::cpu_isa::avx512_core_bf16);
  return (has & wanted) == wanted;
}

/** The type of a convolution's operands. */
using Operand = dnnl::memory::data_type;

/** oneDNN has optimised code for this, not only the reference, which is slower by orders of magnitude. */
inline bool optimised(const dnnl::primitive_desc_base& desc) {
  return std::string(desc.impl_info_str()).find("ref") == std::string::npos;
}

/**
 * The primitive with bfloat16 operands where the plan wants them and oneDNN has one, else in single
 * precision. Which of the two depends on the convolution and the processor alone.
 */
template <typename Make>
auto withOperands(const Program& program, Make make) -> decltype(make(Operand::f32)) {
  if (program.bf16()) {
    try {
      auto desc = make(Operand::bf16);
      if (optimised(desc)) return desc;
    } catch (const dnnl::error&) {
      // There is none for this geometry.
    }
  }
  return make(Operand::f32);
}

}  // namespace zico
