/*
 * Runs an ONNX model on ONNX Runtime and times it: one line of JSON, whatever happens.
 *
 *   runner --library FILE --model FILE [--provider cpu|xnnpack|nnapi] [--threads N] [--warm-up N] [--runs N]
 *          [--mask HEX] [--limit-s N] [--placement 0|1]
 *
 * Inputs are float32 in [0, 1) out of a fixed generator; other types are zeros. Exit code 0 with ok=true; 3
 * with ok=false, the stage and the error. The system's SIGALRM ends it after --limit-s, so that it never
 * outlives whoever started it.
 */
#include "fail.h"
#include "figures.h"
#include "json.h"
#include "ort.h"

static const void *ort;

static void check(const char *stage, OrtStatus *status) {
  if (status) fail(stage, ORT(GetErrorMessage)(status), ORT(GetErrorCode)(status));
}

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_RAW, &time);
  return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

/* ---- options ---- */

static struct {
  const char *library, *model, *provider;
  long threads, warm_up, runs, limit_s, placement;
  unsigned long mask;
} options = {0, 0, "cpu", 1, 10, 50, 300, 0, 0};

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
    else if (!strcmp(name, "--provider")) options.provider = value;
    else if (!strcmp(name, "--threads")) options.threads = whole(value, 1, 64);
    else if (!strcmp(name, "--warm-up")) options.warm_up = whole(value, 0, 1000000);
    else if (!strcmp(name, "--runs")) options.runs = whole(value, 1, 1000000);
    else if (!strcmp(name, "--limit-s")) options.limit_s = whole(value, 1, 86400);
    else if (!strcmp(name, "--placement")) options.placement = whole(value, 0, 1);
    else if (!strcmp(name, "--mask")) {
      char *end;
      options.mask = strtoul(value, &end, 16);
      if (end == value || *end || !options.mask) fail("arguments", value, 0);
    } else fail("arguments", name, 0);
  }
  if (!options.library || !options.model) fail("arguments", "--library and --model are needed", 0);
}

/* ---- what ONNX Runtime says of where nodes run ---- */

static struct {
  int wanted, listing;
  size_t used;
  char text[1 << 15];
} said;

/* Headings of placements, and the nodes that are listed below that of the CPU. */
static void hear(void *user, int level, const char *category, const char *id, const char *at, const char *message) {
  (void)user, (void)level, (void)category, (void)id, (void)at;
  if (!said.wanted) return;
  int heading = strstr(message, "laced on [") != 0;
  if (heading) said.listing = strstr(message, "[CPUExecutionProvider]") != 0;
  else if (message[0] != ' ') said.listing = 0;
  if (!heading && !said.listing && !strstr(message, "number of partitions supported by")) return;
  size_t length = strlen(message);
  if (said.used + length + 2 > sizeof said.text) return;
  memcpy(said.text + said.used, message, length);
  said.used += length;
  said.text[said.used++] = '\n';
}

/* ---- session ---- */

static OrtEnv *environment;

static void open_environment(void) {
  /* Sessions say less; how NNAPI divides a network is said to nobody in particular. */
  check("environment", ORT(CreateEnvWithCustomLogger)(hear, 0, 1 /* information */, "runner", &environment));
}

static OrtSessionOptions *settings_for(void *library, int severity) {
  OrtSessionOptions *settings;
  check("options", ORT(CreateSessionOptions)(&settings));
  check("options", ORT(SetSessionLogSeverityLevel)(settings, severity));
  check("options", ORT(SetSessionGraphOptimizationLevel)(settings, 99 /* all */));
  check("options", ORT(SetInterOpNumThreads)(settings, 1));
  int threads = (int)options.threads;
  if (!strcmp(options.provider, "xnnpack")) {
    /* XNNPACK has threads of its own; those of ONNX Runtime would fight them for the same cores. */
    char text[8];
    snprintf(text, sizeof text, "%d", threads);
    const char *keys[] = {"intra_op_num_threads"}, *values[] = {text};
    check("provider", ORT(SessionOptionsAppendExecutionProvider)(settings, "XNNPACK", keys, values, 1));
    check("options", ORT(AddSessionConfigEntry)(settings, "session.intra_op.allow_spinning", "0"));
    threads = 1;
  } else if (!strcmp(options.provider, "nnapi")) {
    OrtStatus *(*append)(OrtSessionOptions *, uint32_t flags);
    *(void **)&append = dlsym(library, "OrtSessionOptionsAppendExecutionProvider_Nnapi");
    if (!append) fail("provider", "this ONNX Runtime was built without NNAPI", 0);
    check("provider", append(settings, 0));
  } else if (strcmp(options.provider, "cpu")) {
    fail("arguments", options.provider, 0);
  }
  check("options", ORT(SetIntraOpNumThreads)(settings, threads));
  return settings;
}

static OrtSession *open_session(void *library, uint64_t *init_ns, uint64_t *load_ns) {
  uint64_t begin = now_ns();
  open_environment();
  OrtSessionOptions *settings = settings_for(library, 3 /* errors */);
  uint64_t ready = now_ns();
  OrtSession *session;
  check("load", ORT(CreateSession)(environment, options.model, settings, &session));
  *init_ns = ready - begin;
  *load_ns = now_ns() - ready;
  return session;
}

/* Opened once more after all was timed, because saying so much takes time. */
static void print_placement(void *library) {
  OrtSession *session;
  said.wanted = 1;
  check("placement", ORT(CreateSession)(environment, options.model, settings_for(library, 0 /* all */), &session));
  said.wanted = 0;
  ORT(ReleaseSession)(session);
  json_raw(",\"placement_log\":");
  json_string(said.text);
}

/* ---- values ---- */

static struct {
  size_t inputs, outputs;
  char **input_names, **output_names;
  OrtValue **input_values, **output_values;
} io;

static size_t element_bytes(int type) {
  switch (type) {
    case FLOAT32: case 6: case 12: return 4;
    case 2: case 3: case 9: return 1;
    case 4: case 5: case 10: case 16: return 2;
    case 7: case 11: case 13: return 8;
    default: fail("input", "an input is neither a number nor a truth value", 0);
  }
}

static OrtValue *make_input(OrtSession *session, size_t index, OrtMemoryInfo *memory) {
  static uint32_t random = 12345;
  OrtTypeInfo *info;
  const OrtTensorInfo *tensor;
  int type;
  size_t rank, count = 1;
  int64_t shape[16];
  check("input", ORT(SessionGetInputTypeInfo)(session, index, &info));
  check("input", ORT(CastTypeInfoToTensorInfo)(info, &tensor));
  if (!tensor) fail("input", "an input is no tensor", 0);
  check("input", ORT(GetTensorElementType)(tensor, &type));
  check("input", ORT(GetDimensionsCount)(tensor, &rank));
  if (rank > 16) fail("input", "an input has more than 16 dimensions", 0);
  check("input", ORT(GetDimensions)(tensor, shape, rank));
  for (size_t axis = 0; axis < rank; axis++) {
    if (shape[axis] < 1) shape[axis] = 1; /* open: one image */
    count *= (size_t)shape[axis];
  }
  size_t bytes = count * element_bytes(type);
  void *data = 0;
  if (posix_memalign(&data, 64, (bytes + 63) / 64 * 64)) fail("memory", "out of memory", 0);
  memset(data, 0, bytes);
  for (size_t i = 0; type == FLOAT32 && i < count; i++) {
    random = random * 1664525u + 1013904223u;
    ((float *)data)[i] = (float)(random >> 8) * (1.0f / 16777216.0f);
  }
  OrtValue *value;
  check("input", ORT(CreateTensorWithDataAsOrtValue)(memory, data, bytes, shape, rank, type, &value));
  return value;
}

static void prepare(OrtSession *session) {
  OrtAllocator *allocator;
  OrtMemoryInfo *memory;
  check("memory", ORT(GetAllocatorWithDefaultOptions)(&allocator));
  check("memory", ORT(CreateCpuMemoryInfo)(1 /* arena */, 0 /* default */, &memory));
  check("input", ORT(SessionGetInputCount)(session, &io.inputs));
  check("output", ORT(SessionGetOutputCount)(session, &io.outputs));
  io.input_names = zeros(io.inputs, sizeof(char *));
  io.output_names = zeros(io.outputs, sizeof(char *));
  io.input_values = zeros(io.inputs, sizeof(OrtValue *));
  io.output_values = zeros(io.outputs, sizeof(OrtValue *));
  for (size_t i = 0; i < io.inputs; i++) {
    check("input", ORT(SessionGetInputName)(session, i, allocator, &io.input_names[i]));
    io.input_values[i] = make_input(session, i, memory);
  }
  for (size_t i = 0; i < io.outputs; i++)
    check("output", ORT(SessionGetOutputName)(session, i, allocator, &io.output_names[i]));
}

/* The first run allocates the outputs; later ones write into them. */
static uint64_t timed_run(OrtSession *session) {
  uint64_t begin = now_ns();
  OrtStatus *status = ORT(Run)(session, 0, (const char *const *)io.input_names,
                               (const OrtValue *const *)io.input_values, io.inputs,
                               (const char *const *)io.output_names, io.outputs, io.output_values);
  uint64_t end = now_ns();
  check("run", status);
  return end - begin;
}

static void print_outputs(void) {
  json_raw(",\"outputs\":[");
  for (size_t i = 0; i < io.outputs; i++) {
    OrtTensorInfo *info;
    int type;
    size_t count;
    void *data;
    double sum = 0;
    check("output", ORT(GetTensorTypeAndShape)(io.output_values[i], &info));
    check("output", ORT(GetTensorElementType)(info, &type));
    check("output", ORT(GetTensorShapeElementCount)(info, &count));
    check("output", ORT(GetTensorMutableData)(io.output_values[i], &data));
    for (size_t k = 0; type == FLOAT32 && k < count; k++) sum += ((float *)data)[k];
    json_raw(i ? ",{\"name\":" : "{\"name\":");
    json_string(io.output_names[i]);
    json_number("elements", count);
    json_raw(",\"sum\":");
    if (type == FLOAT32) json_double(sum);
    else json_raw("null");
    json_raw("}");
  }
  json_raw("]");
}

int main(int count, char **words) {
  read_options(count, words);
  alarm((unsigned)options.limit_s);
  char affinity[24] = "";
  if (options.mask) {
    /* Threads that ONNX Runtime starts inherit it. */
    if (syscall(SYS_sched_setaffinity, 0, sizeof options.mask, &options.mask) < 0)
      snprintf(affinity, sizeof affinity, "error %d", errno);
    else snprintf(affinity, sizeof affinity, "%lx", options.mask);
  }
  void *library = dlopen(options.library, RTLD_NOW);
  if (!library) fail("library", dlerror(), 0);
  const OrtApiBase *(*get_base)(void);
  *(void **)&get_base = dlsym(library, "OrtGetApiBase");
  if (!get_base) fail("interface", "the library has no OrtGetApiBase", 0);
  const OrtApiBase *base = get_base();
  ort = base->GetApi(API_VERSION);
  if (!ort) fail("interface", base->GetVersionString(), 0);

  uint64_t init_ns, load_ns;
  OrtSession *session = open_session(library, &init_ns, &load_ns);
  prepare(session);
  size_t runs = (size_t)options.runs;
  uint64_t *latencies = zeros(runs, sizeof *latencies), first_ns = timed_run(session);
  for (long i = 0; i < options.warm_up; i++) timed_run(session);

  long before[MOST_CORES], after[MOST_CORES];
  struct rusage begin, end;
  read_frequencies(before);
  getrusage(RUSAGE_SELF, &begin);
  for (size_t i = 0; i < runs; i++) latencies[i] = timed_run(session);
  getrusage(RUSAGE_SELF, &end);
  read_frequencies(after);

  json_raw("{\"schema\":1,\"ok\":true,\"engine\":\"onnxruntime\",\"version\":");
  json_string(base->GetVersionString());
  json_raw(",\"libc\":\"" LIBC_NAME "\",\"arch\":\"" ARCH_NAME "\",\"ep\":");
  json_string(options.provider);
  json_number("threads", (uint64_t)options.threads);
  json_raw(",\"affinity\":");
  json_string(affinity);
  json_number("init_ns", init_ns);
  json_number("load_ns", load_ns);
  json_number("first_ns", first_ns);
  json_number("warm_up", (uint64_t)options.warm_up);
  print_latencies(latencies, runs);
  json_number("max_rss_kib", (uint64_t)end.ru_maxrss);
  json_number("involuntary_switches", (uint64_t)(end.ru_nivcsw - begin.ru_nivcsw));
  print_frequencies("kHz_before", before);
  print_frequencies("kHz_after", after);
  print_outputs();
  if (options.placement) print_placement(library);
  json_raw("}\n");
  json_flush();
  _exit(0);
}
