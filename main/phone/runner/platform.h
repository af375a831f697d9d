/* The little of libc that the runner needs: from the compiler's headers, or declared for bionic without an NDK. */
#pragma once
#ifdef ZICO_BIONIC_STUBS
#include "bionic/libc.h"
#define LIBC_NAME "bionic"
#else
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#ifdef __BIONIC__
#define LIBC_NAME "bionic"
#else
#define LIBC_NAME "glibc"
#endif
#endif

#ifdef __aarch64__
#define ARCH_NAME "aarch64"
#else
#define ARCH_NAME "other"
#endif
