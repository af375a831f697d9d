// Chooses among the copies of vector/kernels.cpp that build.ts compiled.
#include "vector/kernels.hpp"

namespace zico::vector {

extern const Kernels plainKernels;
#ifdef ZICO_X64
extern const Kernels avx512Kernels;
#endif

const Kernels& kernels() {
#ifdef ZICO_X64
  static const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  if (avx512) return avx512Kernels;
#endif
  return plainKernels;
}

}  // namespace zico::vector
