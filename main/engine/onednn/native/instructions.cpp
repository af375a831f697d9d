#include "instructions.hpp"

#include <cstdlib>
#include <oneapi/dnnl/dnnl.hpp>
#include <stdexcept>
#include <vector>

namespace zico {

namespace {
struct Set {
  const char* name;
  bool runs;
  /** The limit that oneDNN is then given, where it can be told. */
  dnnl::cpu_isa library;
};

std::vector<Set> sets() {
  std::vector<Set> known;
#ifdef ZICO_X64
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  known.push_back({"avx512", avx512, dnnl::cpu_isa::all});
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  known.push_back({"avx2", avx2, dnnl::cpu_isa::avx2});
  known.push_back({"scalar", true, dnnl::cpu_isa::sse41});
#else
#ifdef __aarch64__
  known.push_back({"neon", true, dnnl::cpu_isa::all});
#endif
  known.push_back({"scalar", true, dnnl::cpu_isa::all});
#endif
  return known;
}

/** Whether oneDNN was told to do without AVX-512. */
bool libraryDoesWithout(const Set& set) {
  if (std::string(set.name) != "avx512" || !std::getenv("DNNL_MAX_CPU_ISA")) return false;
  const auto has = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto wanted = static_cast<unsigned>(dnnl::cpu_isa::avx512_core);
  return (has & wanted) != wanted;
}

std::string chosen() {
  const char* wanted = std::getenv("ZICO_INSTRUCTIONS");
  for (const Set& set : sets()) {
    if (!set.runs) continue;
    if (wanted ? std::string(wanted) != set.name : libraryDoesWithout(set)) continue;
    if (wanted && !std::getenv("DNNL_MAX_CPU_ISA")) dnnl::set_max_cpu_isa(set.library);
    return set.name;
  }
  throw std::runtime_error("this processor has no instructions ZICO_INSTRUCTIONS=" +
                           std::string(wanted ? wanted : ""));
}
}  // namespace

const std::string& instructions() {
  static const std::string name = chosen();
  return name;
}

}  // namespace zico
