#include "figures.h"
#include "fail.h"
#include "json.h"

static long frequency(int core) {
  char path[80], text[24];
  snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_cur_freq", core);
  int file = open(path, O_RDONLY);
  if (file < 0) return -1;
  long count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return -1;
  text[count] = 0;
  return strtol(text, 0, 10);
}

void read_frequencies(long *kHz) {
  for (int core = 0; core < MOST_CORES; core++) kHz[core] = frequency(core);
}

void print_frequencies(const char *key, const long *kHz) {
  char number[24];
  int last = MOST_CORES - 1;
  while (last >= 0 && kHz[last] < 0) last--;
  json_raw(",\"");
  json_raw(key);
  json_raw("\":[");
  for (int core = 0; core <= last; core++) {
    snprintf(number, sizeof number, "%s%ld", core ? "," : "", kHz[core]);
    json_raw(number);
  }
  json_raw("]");
}

static int ascending(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* Linear between neighbours. */
static uint64_t percentile(const uint64_t *sorted, size_t count, double share) {
  double place = share * (double)(count - 1);
  size_t below = (size_t)place, above = below + 1 < count ? below + 1 : below;
  return sorted[below] + (uint64_t)((double)(sorted[above] - sorted[below]) * (place - (double)below));
}

void print_latencies(const uint64_t *latencies, size_t count) {
  char number[24];
  uint64_t *sorted = zeros(count, sizeof *sorted), sum = 0;
  memcpy(sorted, latencies, count * sizeof *sorted);
  qsort(sorted, count, sizeof *sorted, ascending);
  for (size_t i = 0; i < count; i++) sum += latencies[i];
  json_number("min_ns", sorted[0]);
  json_number("median_ns", percentile(sorted, count, 0.5));
  json_number("p90_ns", percentile(sorted, count, 0.9));
  json_number("max_ns", sorted[count - 1]);
  json_number("mean_ns", sum / count);
  json_raw(",\"latencies_ns\":[");
  for (size_t i = 0; i < count; i++) {
    snprintf(number, sizeof number, "%s%lu", i ? "," : "", (unsigned long)latencies[i]);
    json_raw(number);
  }
  json_raw("]");
}
