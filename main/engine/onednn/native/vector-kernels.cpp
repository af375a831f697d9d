// Chooses among the copies of vector/kernels.cpp and vector/winograd.cpp that build.ts compiled.
#include "instructions.hpp"
#include "vector/kernels.hpp"
#include "vector/winograd.hpp"

namespace zico::vector {

extern const Kernels scalarKernels;
#ifdef ZICO_X64
extern const Kernels avx2Kernels;
extern const Kernels avx512Kernels;
extern const WinogradKernels avx2Winograd;
extern const WinogradKernels avx512Winograd;
#endif
#ifdef __aarch64__
extern const WinogradKernels neonWinograd;
#endif

namespace {
const Kernels& chosen() {
#ifdef ZICO_X64
  if (instructions() == "avx512") return avx512Kernels;
  if (instructions() == "avx2") return avx2Kernels;
#endif
  return scalarKernels;
}

const WinogradKernels* chosenWinograd() {
#ifdef ZICO_X64
  if (instructions() == "avx512") return &avx512Winograd;
  if (instructions() == "avx2") return &avx2Winograd;
#endif
#ifdef __aarch64__
  if (instructions() == "neon") return &neonWinograd;
#endif
  return nullptr;
}
}  // namespace

const Kernels& kernels() {
  static const Kernels& fastest = chosen();
  return fastest;
}

const WinogradKernels* winogradKernels() {
  static const WinogradKernels* fastest = chosenWinograd();
  return fastest;
}

}  // namespace zico::vector
