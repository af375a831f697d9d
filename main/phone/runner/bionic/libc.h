/* bionic's libc for arm64 as far as the runner calls it, for a build without an NDK. */
#pragma once
#include <stddef.h>
#include <stdint.h>

void *calloc(size_t, size_t);
int posix_memalign(void **, size_t, size_t);
void *memset(void *, int, size_t);
void *memcpy(void *, const void *, size_t);
int strcmp(const char *, const char *);
char *strstr(const char *, const char *);
size_t strlen(const char *);
long strtol(const char *, char **, int);
unsigned long strtoul(const char *, char **, int);
int snprintf(char *, size_t, const char *, ...) __attribute__((format(printf, 3, 4)));
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));

int open(const char *, int, ...);
long read(int, void *, size_t);
long write(int, const void *, size_t);
int close(int);
unsigned alarm(unsigned);
long syscall(long, ...);
void _exit(int) __attribute__((noreturn));
int *__errno(void);
#define errno (*__errno())
#define O_RDONLY 0
#define SYS_sched_setaffinity 122

struct timespec {
  long tv_sec, tv_nsec;
};
int clock_gettime(int, struct timespec *);
#define CLOCK_MONOTONIC_RAW 4

struct timeval {
  long tv_sec, tv_usec;
};
struct rusage {
  struct timeval ru_utime, ru_stime;
  long ru_maxrss, ru_ixrss, ru_idrss, ru_isrss, ru_minflt, ru_majflt, ru_nswap, ru_inblock, ru_oublock;
  long ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw, ru_nivcsw;
};
int getrusage(int, struct rusage *);
#define RUSAGE_SELF 0

void *dlopen(const char *, int);
void *dlsym(void *, const char *);
char *dlerror(void);
#define RTLD_NOW 2
