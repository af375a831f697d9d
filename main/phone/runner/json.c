#include "json.h"

static char line[1 << 16];
static size_t used;

static void put(const char *bytes, size_t count) {
  while (count > 0) {
    size_t room = sizeof line - used, part = count < room ? count : room;
    memcpy(line + used, bytes, part);
    used += part, bytes += part, count -= part;
    if (used == sizeof line) json_flush();
  }
}

void json_flush(void) {
  for (size_t done = 0; done < used;) {
    long written = write(1, line + done, used - done);
    if (written <= 0) _exit(4); /* nobody listens any more */
    done += (size_t)written;
  }
  used = 0;
}

void json_raw(const char *text) { put(text, strlen(text)); }

void json_string(const char *text) {
  put("\"", 1);
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    char escaped[8];
    if (c == '"' || c == '\\') {
      escaped[0] = '\\', escaped[1] = (char)c;
      put(escaped, 2);
    } else if (c < 32) {
      put(escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", c));
    } else {
      put(text, 1);
    }
  }
  put("\"", 1);
}

void json_number(const char *key, uint64_t value) {
  char digits[24];
  put(",\"", 2);
  json_raw(key);
  put("\":", 2);
  put(digits, (size_t)snprintf(digits, sizeof digits, "%lu", (unsigned long)value));
}

void json_double(double value) {
  char digits[40];
  if (value - value != 0) json_raw("null"); /* infinite or not a number, which JSON does not have */
  else put(digits, (size_t)snprintf(digits, sizeof digits, "%.17g", value));
}
