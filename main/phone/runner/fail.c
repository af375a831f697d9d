#include "fail.h"
#include "json.h"

void fail(const char *stage, const char *error, int code) {
  json_raw("{\"schema\":1,\"ok\":false,\"stage\":");
  json_string(stage);
  json_raw(",\"error\":");
  json_string(error ? error : "unknown");
  json_number("code", (uint64_t)code);
  json_raw("}\n");
  json_flush();
  _exit(3);
}

void *zeros(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) fail("memory", "out of memory", 0);
  return memory;
}
