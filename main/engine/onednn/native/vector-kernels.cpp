// Chooses among the copies of vector/kernels.cpp that build.ts compiled.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "vector/kernels.hpp"

namespace zico::vector {

extern const Kernels scalarKernels;
#ifdef ZICO_X64
extern const Kernels avx2Kernels;
extern const Kernels avx512Kernels;
#endif

namespace {
struct Set {
  const char* name;
  const Kernels* kernels;
  bool runs;
};

const Kernels& chosen() {
  const Set sets[] = {
#ifdef ZICO_X64
      {"avx512", &avx512Kernels,
       __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")},
      {"avx2", &avx2Kernels, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")},
#endif
      {"scalar", &scalarKernels, true},
  };
  // Only tests ask for another than the fastest.
  const char* wanted = std::getenv("ZICO_INSTRUCTIONS");
  for (const Set& set : sets) {
    if (set.runs && (!wanted || std::string(wanted) == set.name)) return *set.kernels;
  }
  throw std::runtime_error("this processor has no instructions ZICO_INSTRUCTIONS=" +
                           std::string(wanted));
}
}  // namespace

const Kernels& kernels() {
  static const Kernels& fastest = chosen();
  return fastest;
}

}  // namespace zico::vector
