/* One line of JSON on standard output, written in one piece at the end. */
#pragma once
#include "platform.h"

void json_raw(const char *text);
void json_string(const char *text);
void json_number(const char *key, uint64_t value);
/* A number of enough digits to be read back as the same double; null where it is none. */
void json_double(double value);
void json_flush(void);
