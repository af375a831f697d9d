/*
 * The functions of ONNX Runtime's C interface that the runner uses. Its table only ever grows at the end, so a
 * function is known by its place; bionic/check-places.c holds the places against the real header.
 */
#pragma once

/* name, place, result, parameters */
#define ORT_FUNCTIONS(F)                                                                             \
  F(GetErrorCode, 1, int, (const OrtStatus *))                                                       \
  F(GetErrorMessage, 2, const char *, (const OrtStatus *))                                           \
  F(CreateEnvWithCustomLogger, 4, OrtStatus *, (OrtLogger, void *, int level, const char *id, OrtEnv **)) \
  F(CreateSession, 7, OrtStatus *,                                                                   \
    (OrtEnv *, const char *path, const OrtSessionOptions *, OrtSession **))                          \
  F(Run, 9, OrtStatus *,                                                                             \
    (OrtSession *, const void *options, const char *const *inputNames, const OrtValue *const *inputs, \
     size_t inputs_count, const char *const *outputNames, size_t outputs_count, OrtValue **outputs)) \
  F(CreateSessionOptions, 10, OrtStatus *, (OrtSessionOptions **))                                   \
  F(SetSessionLogSeverityLevel, 22, OrtStatus *, (OrtSessionOptions *, int level))                   \
  F(SetSessionGraphOptimizationLevel, 23, OrtStatus *, (OrtSessionOptions *, int level))             \
  F(SetIntraOpNumThreads, 24, OrtStatus *, (OrtSessionOptions *, int))                               \
  F(SetInterOpNumThreads, 25, OrtStatus *, (OrtSessionOptions *, int))                               \
  F(SessionGetInputCount, 30, OrtStatus *, (const OrtSession *, size_t *))                           \
  F(SessionGetOutputCount, 31, OrtStatus *, (const OrtSession *, size_t *))                          \
  F(SessionGetInputTypeInfo, 33, OrtStatus *, (const OrtSession *, size_t, OrtTypeInfo **))          \
  F(SessionGetInputName, 36, OrtStatus *, (const OrtSession *, size_t, OrtAllocator *, char **))     \
  F(SessionGetOutputName, 37, OrtStatus *, (const OrtSession *, size_t, OrtAllocator *, char **))    \
  F(CreateTensorWithDataAsOrtValue, 49, OrtStatus *,                                                 \
    (const OrtMemoryInfo *, void *, size_t bytes, const int64_t *shape, size_t rank, int type,       \
     OrtValue **))                                                                                   \
  F(GetTensorMutableData, 51, OrtStatus *, (OrtValue *, void **))                                    \
  F(CastTypeInfoToTensorInfo, 55, OrtStatus *, (const OrtTypeInfo *, const OrtTensorInfo **))        \
  F(GetTensorElementType, 60, OrtStatus *, (const OrtTensorInfo *, int *))                           \
  F(GetDimensionsCount, 61, OrtStatus *, (const OrtTensorInfo *, size_t *))                          \
  F(GetDimensions, 62, OrtStatus *, (const OrtTensorInfo *, int64_t *, size_t))                      \
  F(GetTensorShapeElementCount, 64, OrtStatus *, (const OrtTensorInfo *, size_t *))                  \
  F(GetTensorTypeAndShape, 65, OrtStatus *, (const OrtValue *, OrtTensorInfo **))                    \
  F(CreateCpuMemoryInfo, 69, OrtStatus *, (int allocator, int memory, OrtMemoryInfo **))             \
  F(GetAllocatorWithDefaultOptions, 78, OrtStatus *, (OrtAllocator **))                              \
  F(ReleaseSession, 95, void, (OrtSession *))                                                        \
  F(AddSessionConfigEntry, 130, OrtStatus *, (OrtSessionOptions *, const char *, const char *))      \
  F(SessionOptionsAppendExecutionProvider, 216, OrtStatus *,                                         \
    (OrtSessionOptions *, const char *, const char *const *keys, const char *const *values, size_t))
