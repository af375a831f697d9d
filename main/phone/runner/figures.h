/* What is printed about time and cores. */
#pragma once
#include "platform.h"

enum { MOST_CORES = 16 };

/* kHz of each core, or -1 where there is no such core or it may not be read. */
void read_frequencies(long *kHz);
void print_frequencies(const char *key, const long *kHz);
/* Minimum, median, 90th percentile, maximum, mean and every latency, in nanoseconds. */
void print_latencies(const uint64_t *latencies, size_t count);
