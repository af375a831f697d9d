/*
 * Runs a TensorFlow Lite network and times it: one line of JSON, whatever happens.
 *
 *   runner --library FILE --model FILE [--threads N] [--warm-up N] [--runs N] [--limit-s N]
 *
 * Everything that XNNPACK takes, int8 as well, runs on it; the line says how many operators that are, in how many
 * pieces, and which it left. Inputs are float32 in [0, 1) out of a fixed generator. Exit codes and the limit are those
 * of ../runner.c.
 */
#include <stdarg.h>
#include "../fail.h"
#include "../figures.h"
#include "../json.h"
#include "tflite.h"

#define TFLITE_POINTER(name, result, parameters) static result(*TfLite##name) parameters;
TFLITE_FUNCTIONS(TFLITE_POINTER)
#undef TFLITE_POINTER

static void bind_functions(const char *file) {
  void *library = dlopen(file, RTLD_NOW);
  if (!library) fail("library", dlerror(), 0);
#define TFLITE_BIND(name, result, parameters)                   \
  *(void **)&TfLite##name = dlsym(library, "TfLite" #name);     \
  if (!TfLite##name) fail("interface", "TfLite" #name " is missing", 0);
  TFLITE_FUNCTIONS(TFLITE_BIND)
#undef TFLITE_BIND
}

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_RAW, &time);
  return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static struct {
  const char *library, *model;
  long threads, warm_up, runs, limit_s;
} options = {0, 0, 1, 10, 50, 300};

static long whole(const char *text, long least, long most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (end == text || *end || value < least || value > most) fail("arguments", text, 0);
  return value;
}

static void read_options(int count, char **words) {
  for (int i = 1; i < count; i += 2) {
    const char *name = words[i], *value = words[i + 1];
    if (i + 1 >= count) fail("arguments", name, 0);
    if (!strcmp(name, "--library")) options.library = value;
    else if (!strcmp(name, "--model")) options.model = value;
    else if (!strcmp(name, "--threads")) options.threads = whole(value, 1, 64);
    else if (!strcmp(name, "--warm-up")) options.warm_up = whole(value, 0, 1000000);
    else if (!strcmp(name, "--runs")) options.runs = whole(value, 1, 1000000);
    else if (!strcmp(name, "--limit-s")) options.limit_s = whole(value, 1, 86400);
    else fail("arguments", name, 0);
  }
  if (!options.library || !options.model) fail("arguments", "--library and --model are needed", 0);
}

/* What TensorFlow Lite last complained about. */
static char complaint[512];

static void complain(void *user, const char *format, va_list values) {
  (void)user;
  vsnprintf(complaint, sizeof complaint, format, values);
}

static void refuse(const char *stage, const char *otherwise) {
  fail(stage, complaint[0] ? complaint : otherwise, 0);
}

/* ---- where operators run ---- */

enum { MOST_CODES = 256 };
static struct {
  /* Operators of the file, those that no delegate took, and the pieces that one did. */
  int all, left, pieces;
  int left_of_code[MOST_CODES];
} placed;

/* Delegates that take nothing, one before XNNPACK and one behind it: both are shown the plan as it then is. */
static int look_before(TfLiteContext *context, TfLiteDelegate *self) {
  (void)self;
  TfLiteIntArray *plan;
  if (context->GetExecutionPlan(context, &plan) == STATUS_OK) placed.all = plan->size;
  return STATUS_OK;
}

static int look_behind(TfLiteContext *context, TfLiteDelegate *self) {
  (void)self;
  TfLiteIntArray *plan;
  if (context->GetExecutionPlan(context, &plan) != STATUS_OK) return STATUS_OK;
  for (int i = 0; i < plan->size; i++) {
    void *node;
    TfLiteRegistration *registration;
    if (context->GetNodeAndRegistration(context, plan->data[i], &node, &registration) != STATUS_OK) continue;
    int code = registration->builtin_code;
    if (code == BUILTIN_DELEGATE) placed.pieces++;
    else {
      placed.left++;
      if (code >= 0 && code < MOST_CODES) placed.left_of_code[code]++;
    }
  }
  return STATUS_OK;
}

static void print_placement(void) {
  json_raw(",\"placement\":{\"on\":\"xnnpack\"");
  json_number("nodes", (uint64_t)placed.all);
  json_number("placed", (uint64_t)(placed.all - placed.left));
  json_number("pieces", (uint64_t)placed.pieces);
  json_raw(",\"elsewhere\":[");
  for (int code = 0, first = 1; code < MOST_CODES; code++) {
    char text[64];
    if (!placed.left_of_code[code]) continue;
    snprintf(text, sizeof text, "%s{\"code\":%d,\"count\":%d}", first ? "" : ",", code, placed.left_of_code[code]);
    json_raw(text);
    first = 0;
  }
  json_raw("]}");
}

/* ---- the network ---- */

static TfLiteInterpreter *open_network(uint64_t *init_ns, uint64_t *load_ns) {
  static TfLiteDelegate before = {0, look_before, 0, 0, 0, 1 /* sizes may be dynamic */};
  static TfLiteDelegate behind = {0, look_behind, 0, 0, 0, 1};
  uint64_t begin = now_ns();
  TfLiteOptions *settings = TfLiteInterpreterOptionsCreate();
  TfLiteInterpreterOptionsSetNumThreads(settings, (int32_t)options.threads);
  TfLiteInterpreterOptionsSetErrorReporter(settings, complain, 0);
  XnnpackOptions xnnpack = TfLiteXNNPackDelegateOptionsDefault();
  xnnpack.threads = (int32_t)options.threads;
  xnnpack.flags = XNNPACK_SIGNED_INT8;
  TfLiteDelegate *delegate = TfLiteXNNPackDelegateCreate(&xnnpack);
  if (!delegate) refuse("provider", "there is no XNNPACK here");
  TfLiteInterpreterOptionsAddDelegate(settings, &before);
  TfLiteInterpreterOptionsAddDelegate(settings, delegate);
  TfLiteInterpreterOptionsAddDelegate(settings, &behind);
  uint64_t ready = now_ns();
  TfLiteModel *model = TfLiteModelCreateFromFile(options.model);
  if (!model) refuse("load", "this is no file of TensorFlow Lite");
  TfLiteInterpreter *interpreter = TfLiteInterpreterCreate(model, settings);
  if (!interpreter) refuse("load", "an operator is unknown");
  if (TfLiteInterpreterAllocateTensors(interpreter) != STATUS_OK) refuse("load", "an operator cannot be prepared");
  *init_ns = ready - begin;
  *load_ns = now_ns() - ready;
  return interpreter;
}

static void fill_inputs(TfLiteInterpreter *interpreter) {
  static uint32_t random = 12345;
  for (int32_t i = 0; i < TfLiteInterpreterGetInputTensorCount(interpreter); i++) {
    TfLiteTensor *tensor = TfLiteInterpreterGetInputTensor(interpreter, i);
    float *data = TfLiteTensorData(tensor);
    if (TfLiteTensorType(tensor) != TYPE_FLOAT32) fail("input", "an input is not of float32", 0);
    for (size_t k = 0; k < TfLiteTensorByteSize(tensor) / sizeof *data; k++) {
      random = random * 1664525u + 1013904223u;
      data[k] = (float)(random >> 8) * (1.0f / 16777216.0f);
    }
  }
}

static uint64_t timed_run(TfLiteInterpreter *interpreter) {
  uint64_t begin = now_ns();
  int status = TfLiteInterpreterInvoke(interpreter);
  uint64_t end = now_ns();
  if (status != STATUS_OK) refuse("run", "an operator failed");
  return end - begin;
}

static void print_outputs(TfLiteInterpreter *interpreter) {
  json_raw(",\"outputs\":[");
  for (int32_t i = 0; i < TfLiteInterpreterGetOutputTensorCount(interpreter); i++) {
    const TfLiteTensor *tensor = TfLiteInterpreterGetOutputTensor(interpreter, i);
    size_t count = TfLiteTensorByteSize(tensor) / sizeof(float);
    const float *data = TfLiteTensorData(tensor);
    int known = TfLiteTensorType(tensor) == TYPE_FLOAT32;
    double sum = 0;
    for (size_t k = 0; known && k < count; k++) sum += data[k];
    json_raw(i ? ",{\"name\":" : "{\"name\":");
    json_string(TfLiteTensorName(tensor));
    json_number("elements", count);
    json_raw(",\"sum\":");
    if (known) json_double(sum);
    else json_raw("null");
    json_raw("}");
  }
  json_raw("]");
}

int main(int count, char **words) {
  read_options(count, words);
  alarm((unsigned)options.limit_s);
  bind_functions(options.library);
  uint64_t init_ns, load_ns;
  TfLiteInterpreter *interpreter = open_network(&init_ns, &load_ns);
  fill_inputs(interpreter);
  size_t runs = (size_t)options.runs;
  uint64_t *latencies = zeros(runs, sizeof *latencies), first_ns = timed_run(interpreter);
  for (long i = 0; i < options.warm_up; i++) timed_run(interpreter);

  long before[MOST_CORES], after[MOST_CORES];
  struct rusage begin, end;
  read_frequencies(before);
  getrusage(RUSAGE_SELF, &begin);
  for (size_t i = 0; i < runs; i++) latencies[i] = timed_run(interpreter);
  getrusage(RUSAGE_SELF, &end);
  read_frequencies(after);

  json_raw("{\"schema\":1,\"ok\":true,\"engine\":\"tensorflow-lite\",\"version\":");
  json_string(TfLiteVersion());
  json_raw(",\"libc\":\"" LIBC_NAME "\",\"arch\":\"" ARCH_NAME "\",\"ep\":\"xnnpack\"");
  json_number("threads", (uint64_t)options.threads);
  json_number("init_ns", init_ns);
  json_number("load_ns", load_ns);
  json_number("first_ns", first_ns);
  json_number("warm_up", (uint64_t)options.warm_up);
  print_latencies(latencies, runs);
  json_number("max_rss_kib", (uint64_t)end.ru_maxrss);
  json_number("involuntary_switches", (uint64_t)(end.ru_nivcsw - begin.ru_nivcsw));
  print_frequencies("kHz_before", before);
  print_frequencies("kHz_after", after);
  print_placement();
  print_outputs(interpreter);
  json_raw("}\n");
  json_flush();
  _exit(0);
}
