/*
 * Speaks as TensorFlow Lite's benchmark_model does and computes nothing of a network: it sums the bytes of its
 * model as often as it is asked to, and times that. For tests on the emulated phone.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static volatile uint64_t sink;

static double run(const unsigned char *bytes, long count) {
  double began = now_us();
  uint64_t sum = 0;
  for (long i = 0; i < count; i++) sum += bytes[i];
  sink += sum;
  return now_us() - began;
}

static const char *value(const char *word, const char *name) {
  size_t length = strlen(name);
  return strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

int main(int argc, char **argv) {
  const char *graph = NULL;
  long runs = 50, warm_up = 1;
  int any_model = 0, gpu = 0, nnapi = 0, hexagon = 0, newer = 0;
  for (int i = 1; i < argc; i++) {
    const char *found;
    if ((found = value(argv[i], "--graph"))) graph = found;
    if ((found = value(argv[i], "--num_runs"))) runs = atol(found);
    if ((found = value(argv[i], "--warmup_runs"))) warm_up = atol(found);
    if (strcmp(argv[i], "--any_model=true") == 0) any_model = 1;
    if (strcmp(argv[i], "--use_gpu=true") == 0) gpu = 1;
    if (strcmp(argv[i], "--use_nnapi=true") == 0) nnapi = 1;
    if (strcmp(argv[i], "--use_hexagon=true") == 0) hexagon = 1;
    if (strcmp(argv[i], "--newer_lines=true") == 0) newer = 1;
  }
  double began = now_us();
  FILE *file = graph ? fopen(graph, "rb") : NULL;
  if (!file) {
    fprintf(stderr, "ERROR: Could not open '%s'.\nERROR: Benchmarking failed.\n", graph ? graph : "");
    return 1;
  }
  fseek(file, 0, SEEK_END);
  long count = ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(count);
  int whole = bytes && fread(bytes, 1, count, file) == (size_t)count && count > 8;
  if (!whole || !(any_model || memcmp(bytes + 4, "TFL3", 4) == 0)) {
    fprintf(stderr, "ERROR: The model is not a valid Flatbuffer file\nERROR: Benchmarking failed.\n");
    return 1;
  }
  fclose(file);
  /* A GPU takes most of it, NNAPI nothing, and Hexagon is not there. */
  if (hexagon) {
    fprintf(stderr, "ERROR: Failed to apply Hexagon delegate.\nERROR: Benchmarking failed.\n");
    return 1;
  }
  if (gpu)
    fprintf(stderr,
            "VERBOSE: Replacing 18 out of 20 node(s) with delegate (TfLiteGpuDelegateV2) node, yielding 3 "
            "partitions for the whole graph.\nINFO: Explicitly applied GPU delegate, and the model graph will be "
            "partially executed by the delegate w/ 2 delegate kernels.\n");
  if (nnapi)
    fprintf(stderr,
            "WARN: Though NNAPI delegate is explicitly applied, the model graph will not be executed by the "
            "delegate.\n");
  double init = now_us() - began, first = run(bytes, count), warm = 0, timed = 0;
  for (long i = 0; i < warm_up; i++) warm += run(bytes, count);
  for (long i = 0; i < runs; i++) timed += run(bytes, count);
  fprintf(stderr, "INFO: count=%ld first=%.0f\n", runs, first);
  if (newer) {
    fprintf(stderr, "INFO: Inference (avg):      %.2f ms (%ld runs)\n", timed / runs / 1000 + 0.01, runs);
    return 0;
  }
  fprintf(stderr,
          "INFO: Inference timings in us: Init: %.0f, First inference: %.0f, Warmup (avg): %g, "
          "Inference (avg): %g\n",
          init, first, warm_up ? warm / warm_up : first, timed / runs);
  return 0;
}
