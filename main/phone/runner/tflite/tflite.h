/*
 * The part of TensorFlow Lite's C interface (2.9) that the runner uses, without its headers. Sources:
 * tensorflow/lite/c/c_api.h, c/common.h, delegates/xnnpack/xnnpack_delegate.h.
 */
#pragma once
#include <stdarg.h>
#include "../platform.h"

typedef struct TfLiteModel TfLiteModel;
typedef struct TfLiteOptions TfLiteOptions;
typedef struct TfLiteInterpreter TfLiteInterpreter;
typedef struct TfLiteTensor TfLiteTensor;

/* 16 bytes, returned in registers. */
typedef struct {
  int32_t threads;
  uint32_t flags;
  void *weights_cache;
} XnnpackOptions;

enum { XNNPACK_SIGNED_INT8 = 1, TYPE_FLOAT32 = 1, STATUS_OK = 0, BUILTIN_DELEGATE = 51 };

typedef struct {
  int size;
  int data[];
} TfLiteIntArray;

typedef struct {
  void *init, *free, *prepare, *invoke, *profiling_string;
  int32_t builtin_code;
  const char *custom_name;
} TfLiteRegistration;

/* Its beginning: what follows is not looked at. */
typedef struct TfLiteContext TfLiteContext;
struct TfLiteContext {
  size_t tensors_size;
  int (*GetExecutionPlan)(TfLiteContext *, TfLiteIntArray **plan);
  void *tensors, *impl, *resize_tensor, *report_error, *add_tensors;
  int (*GetNodeAndRegistration)(TfLiteContext *, int index, void **node, TfLiteRegistration **);
};

typedef struct TfLiteDelegate TfLiteDelegate;
struct TfLiteDelegate {
  void *data;
  int (*Prepare)(TfLiteContext *, TfLiteDelegate *);
  void *copy_from, *copy_to, *free_handle;
  int64_t flags;
};

/* name, result, parameters */
#define TFLITE_FUNCTIONS(F)                                                              \
  F(Version, const char *, (void))                                                       \
  F(ModelCreateFromFile, TfLiteModel *, (const char *))                                  \
  F(InterpreterOptionsCreate, TfLiteOptions *, (void))                                   \
  F(InterpreterOptionsSetNumThreads, void, (TfLiteOptions *, int32_t))                   \
  F(InterpreterOptionsAddDelegate, void, (TfLiteOptions *, TfLiteDelegate *))            \
  F(InterpreterOptionsSetErrorReporter, void,                                            \
    (TfLiteOptions *, void (*)(void *, const char *, va_list), void *))                  \
  F(InterpreterCreate, TfLiteInterpreter *, (const TfLiteModel *, const TfLiteOptions *)) \
  F(InterpreterAllocateTensors, int, (TfLiteInterpreter *))                              \
  F(InterpreterInvoke, int, (TfLiteInterpreter *))                                       \
  F(InterpreterGetInputTensorCount, int32_t, (const TfLiteInterpreter *))                \
  F(InterpreterGetInputTensor, TfLiteTensor *, (const TfLiteInterpreter *, int32_t))     \
  F(InterpreterGetOutputTensorCount, int32_t, (const TfLiteInterpreter *))               \
  F(InterpreterGetOutputTensor, const TfLiteTensor *, (const TfLiteInterpreter *, int32_t)) \
  F(TensorType, int, (const TfLiteTensor *))                                             \
  F(TensorByteSize, size_t, (const TfLiteTensor *))                                      \
  F(TensorData, void *, (const TfLiteTensor *))                                          \
  F(TensorName, const char *, (const TfLiteTensor *))                                    \
  F(XNNPackDelegateOptionsDefault, XnnpackOptions, (void))                               \
  F(XNNPackDelegateCreate, TfLiteDelegate *, (const XnnpackOptions *))
