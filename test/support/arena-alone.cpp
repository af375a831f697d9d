// The arena without Node and oneDNN. Argument: what the system does when the arena asks it to move pages.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "../../main/engine/onednn/native/arena.hpp"

namespace {
const char* system_ = "";
int asked = 0;
bool moved = false;
char* foreign = nullptr;
size_t foreignBytes = 0;

bool is(const char* name) { return std::strcmp(system_, name) == 0; }
}  // namespace

/** In place of the C library's. */
extern "C" void* mremap(void* old, size_t from, size_t to, int flags, ...) noexcept {
  va_list rest;
  va_start(rest, flags);
  void* target = va_arg(rest, void*);
  va_end(rest);
  asked++;
  if (is("as it is")) {
    const auto found = reinterpret_cast<void*>(syscall(SYS_mremap, old, from, to, flags, target));
    moved = found == target;
    return found;
  }
  if (is("unmaps and fails") || is("gives the place away")) munmap(target, to);
  if (is("gives the place away")) {
    foreign = static_cast<char*>(mmap(target, to, PROT_READ | PROT_WRITE,
                                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    foreignBytes = to;
    std::memset(foreign, 7, to);
  }
  errno = ENOMEM;
  return MAP_FAILED;
}

/** Prints how often pages were to move, whether they did, and how many bytes each growth has mapped. */
int main(int, char** arguments) {
  system_ = arguments[1];
  constexpr size_t kHuge = size_t{1} << 21;
  zico::Arena arena;
  std::memset(arena.atLeast(kHuge), 1, kHuge);
  const size_t first = arena.fresh();
  std::memset(arena.atLeast(3 * kHuge), 2, 3 * kHuge);
  const size_t second = arena.fresh() - first;
  for (size_t i = 0; i < foreignBytes; i++) {
    if (foreign[i] != 7) return 1;
  }
  std::printf("%d %d %zu %zu\n", asked, moved, first / kHuge, second / kHuge);
}
