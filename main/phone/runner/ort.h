/* ONNX Runtime's C interface without its header, which weighs more than the runner and has to be fetched. */
#pragma once
#include "platform.h"
#include "ort-functions.h"

enum { API_VERSION = 16 }; /* the oldest with every function below */

typedef struct OrtStatus OrtStatus;
typedef void (*OrtLogger)(void *, int level, const char *category, const char *id, const char *at, const char *said);
typedef struct OrtEnv OrtEnv;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtValue OrtValue;
typedef struct OrtTypeInfo OrtTypeInfo;
typedef struct OrtTensorInfo OrtTensorInfo;
typedef struct OrtAllocator OrtAllocator;
typedef struct OrtMemoryInfo OrtMemoryInfo;

typedef struct {
  const void *(*GetApi)(uint32_t version);
  const char *(*GetVersionString)(void);
} OrtApiBase;

/* ORT(Run)(...) calls the function in the table `ort`. */
#define ORT_TYPE(name, place, result, parameters) typedef result(*Ort_##name##_type) parameters;
ORT_FUNCTIONS(ORT_TYPE)
#undef ORT_TYPE
#define ORT_PLACE(name, place, result, parameters) enum { Ort_##name##_place = place };
ORT_FUNCTIONS(ORT_PLACE)
#undef ORT_PLACE
#define ORT(name) ((Ort_##name##_type)((void *const *)ort)[Ort_##name##_place])

enum { FLOAT32 = 1, NOT_IMPLEMENTED = 9 };
