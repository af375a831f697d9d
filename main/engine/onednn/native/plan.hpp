// A network as the JavaScript side hands it over: values and steps, in execution order.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "uniform-draw.hpp"

namespace zico {

using Dims = std::vector<int64_t>;

/** A tensor of single-precision numbers. `constant` and inputs are row-major memory of the caller. */
struct Value {
  Dims dims;
  const float* constant = nullptr;
  /** Weights that are drawn before the first batch. */
  std::optional<UniformDraw> drawn;

  /** Known before the first batch. */
  bool fixed() const { return constant || drawn; }
};

/** One operation. What `ints`, `floats` and `data` mean is the operation's own business. */
struct Step {
  std::string op;
  std::string name;
  std::vector<int> inputs;
  std::vector<int> outputs;
  std::vector<int64_t> ints;
  std::vector<float> floats;
  std::vector<float> data;
};

/** Integers of the task, such as classes of images: one array a batch. */
struct Batch {
  std::vector<const float*> inputs;
  const int32_t* targets = nullptr;
};

struct Plan {
  std::vector<Value> values;
  std::vector<Step> steps;
  /** Values that every batch brings, in the order of Batch::inputs. */
  std::vector<int> inputs;
  /** Weight gradients whose statistics are wanted; the order of the results. */
  std::vector<int> gradients;
  std::vector<Batch> batches;
  /** Batches that are computed at once: values of the network hold the images of all of them. */
  int together = 1;
  double termCap = 0;
  /** Hands the gradients out, row-major; for tests. */
  bool keepGradients = false;
  int threads = 1;
  /** Limit of the plan's memory; a plan that needs more is refused before a page of it is touched. */
  double memoryBytes = std::numeric_limits<double>::infinity();
  /** Convolutions multiply bfloat16 numbers and accumulate in single precision. */
  bool bf16 = false;
  /** Convolutions use Winograd's method where it pays, which rounds differently. */
  bool winograd = false;
  /** They use it wherever they can, even where it costs more than it saves; for tests. */
  bool winogradEverywhere = false;
};

struct LayerResult {
  double sum = 0;
  double sumCapped = 0;
  std::vector<double> norms;
  /** One a batch, where they are kept. */
  std::vector<std::vector<float>> gradients;
};

struct StepTime {
  std::string name;
  double seconds = 0;
};

struct Result {
  std::vector<LayerResult> layers;
  std::vector<double> losses;
  /** Where the time went, over all batches; empty unless asked for. */
  std::vector<StepTime> times;
  /** Bytes of the arena this plan needs, and how many reorders it holds. */
  size_t arenaBytes = 0;
  /** Bytes that had to be mapped for this plan. */
  size_t freshBytes = 0;
  size_t reorders = 0;
  double compileSeconds = 0;
};

}  // namespace zico
