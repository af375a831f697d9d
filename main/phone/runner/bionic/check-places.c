/* Fails to compile where ort.h disagrees with ONNX Runtime's own header about the place of a function. */
#include <onnxruntime_c_api.h>
#include <stddef.h>

#define PLACE(name, place) \
  _Static_assert(offsetof(OrtApi, name) == (place) * sizeof(void *), #name " is elsewhere");
#define CHECK(name, place, result, parameters) PLACE(name, place)
#include "../ort-functions.h"
ORT_FUNCTIONS(CHECK)

_Static_assert(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT == 1, "float32");
_Static_assert(ORT_NOT_IMPLEMENTED == 9, "error code");
_Static_assert(ORT_ENABLE_ALL == 99, "optimisation level");
_Static_assert(ORT_API_VERSION >= 16, "version");
