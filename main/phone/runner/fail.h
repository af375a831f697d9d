/* The one way to end without a latency. */
#pragma once
#include "platform.h"

/* Prints {ok: false, stage, error, code} and ends the program with 3. */
__attribute__((noreturn)) void fail(const char *stage, const char *error, int code);
/* Memory that is zero; fails where there is none. */
void *zeros(size_t count, size_t size);
