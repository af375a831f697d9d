// A plan made executable: oneDNN primitives and kernels over buffers of one arena.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <oneapi/dnnl/dnnl.hpp>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "arena.hpp"
#include "kept-primitives.hpp"
#include "plan.hpp"

namespace zico {

using Desc = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;
using Arguments = std::unordered_map<int, dnnl::memory>;

struct Cancelled : std::runtime_error {
  Cancelled() : std::runtime_error("cancelled") {}
};

/** A plan that needs more than its limit; statistics.ts reads the message. */
struct TooLarge : std::runtime_error {
  explicit TooLarge(size_t bytes)
      : std::runtime_error("the plan needs " + std::to_string(bytes) + " bytes") {}
};

/** A value, or one batch's part of it, in one memory layout. */
struct Copy {
  Desc desc;
  int buffer = -1;
  /** Bytes from the start of the buffer. */
  size_t offset = 0;
};

/** The layout for this many images; throws where images do not lie one behind the other. */
Desc withImages(Desc desc, int64_t images);

class Program {
 public:
  Program(const Plan& plan, const dnnl::engine& engine, KeptPrimitives& primitives);
  /** Runs every batch. Throws TooLarge before anything, Cancelled soon after `cancel` is set. */
  Result run(Arena& arena, dnnl::stream& stream, const std::atomic<bool>& cancel, bool timed);

  // For the lowerings ------------------------------------------------------------------------
  const dnnl::engine& engine() const { return engine_; }
  KeptPrimitives& primitives() { return primitives_; }
  const Dims& dims(int value) const { return plan_.values[value].dims; }
  int64_t elements(int value) const;
  /** Numbers of an initialiser, or null where a value is computed or drawn. */
  const float* constant(int value) const { return plan_.values[value].constant; }
  /** Known before the first batch. */
  bool fixed(int value) const { return plan_.values[value].fixed(); }
  /** While the program runs: which batch part `part` of the present computation is. */
  const Batch& batch(int part) const { return plan_.batches[batchIndex(part)]; }
  size_t batchIndex(int part) const { return batch_ + static_cast<size_t>(part); }
  size_t batches() const { return plan_.batches.size(); }
  /** Batches that are computed at once. */
  int together() const { return plan_.together; }
  /** The batch whose part of a step is lowered: one after the other where a sum over its images is wanted. */
  int part() const { return part_; }
  /** Whether the present step is lowered for each batch by itself. */
  bool byParts() const { return byParts_; }
  /** The rows of one batch: all, unless a step is lowered batch by batch. */
  Dims dimsOfPart(int value) const;
  /** With the images of all batches, however many of them are computed at once. */
  Dims dimsOfAll(int value) const;
  Copy ofPart(const Copy& whole) const;
  /** The layout of a single batch's images. */
  Desc ofBatch(const Desc& whole) const {
    return together() == 1 ? whole : withImages(whole, whole.dims()[0] / together());
  }
  /** The layout of all batches where that of one is known. */
  Desc ofAll(const Desc& part) const;
  double termCap() const { return plan_.termCap; }
  bool bf16() const { return plan_.bf16; }
  bool winograd() const { return plan_.winograd; }
  bool winogradEverywhere() const { return plan_.winogradEverywhere; }
  Result& result() { return result_; }

  /** The value as it was made. */
  Copy made(int value);
  /** The value in this layout; a reorder the first time it is asked for. */
  Copy in(int value, const Desc& desc);
  /** Row-major. */
  Copy plain(int value);
  /** A form of a fixed value, which `write` makes of its row-major numbers before the first batch. */
  Copy beforehand(int value, const Desc& desc, std::function<void(const float*, float*)> write);
  /** The same, where it is written row-major and then reordered. */
  Copy beforehandReordered(int value, const Desc& desc,
                           std::function<void(const float*, float*)> write);
  /** A fixed value's numbers, seen in the layout `as` of other dimensions, in this layout. */
  Copy beforehand(int value, const Desc& desc, const Desc& as);
  /** Memory for a result; takes over the buffer of `inPlaceOf` where that value ends with this step. */
  Copy out(int value, const Desc& desc, int inPlaceOf = -1);
  Copy outPlain(int value, int inPlaceOf = -1);
  /** The same memory in another shape: row-major only. */
  void alias(int value, int of);
  /** Memory that lives during the next action only, or for the whole run. */
  int scratch(size_t bytes);
  int persistent(size_t bytes);
  dnnl::memory memory(const Copy& copy);
  /** Valid while the program runs. */
  float* at(int buffer) const { return reinterpret_cast<float*>(buffers_[buffer].pointer); }
  float* at(const Copy& copy) const { return at(copy.buffer) + copy.offset / sizeof(float); }
  /** Appends an action that touches these buffers. */
  void act(std::vector<int> touched, std::function<void(dnnl::stream&)> run);
  /** What a layer's statistics keep between batches that are computed one after the other. */
  int keptOf(size_t layer, size_t bytes);
  void execute(const dnnl::primitive& primitive, const dnnl::primitive_desc_base& desc,
               const std::vector<std::pair<int, Copy>>& arguments);

 private:
  struct Buffer {
    size_t bytes = 0;
    int first = -1;
    int last = -1;
    bool kept = false;
    bool shared = false;
    /** By an action, not only by what comes before the first. */
    bool used = false;
    std::byte* pointer = nullptr;
    struct Handle {
      dnnl::memory memory;
      size_t offset;
    };
    std::vector<Handle> handles;
  };
  struct Action {
    std::string name;
    std::function<void(dnnl::stream&)> run;
  };
  /** What is done about a fixed value before the first batch. */
  struct Prepared {
    /** Where its numbers are drawn: memory for no longer than this where no action reads them. -1: they are given. */
    int drawn = -1;
    /** Bring it into other forms. */
    std::vector<std::function<void(dnnl::stream&)>> forms;
  };
  int newBuffer(size_t bytes, bool kept);
  std::function<void(dnnl::stream&)> reorder(const Copy& from, const Copy& to);
  void touch(int buffer);
  void lower(const Step& step);
  void lowerWanted(const Step& step, const std::vector<std::pair<int, size_t>>& wanted);
  void keepGradient(int value, size_t layer);
  void bringInputs();
  void bind(Arena& arena);
  void prepare(dnnl::stream& stream);
  /** When a fixed value is prepared, in the time of actions: before the first. */
  int preparation(int value) const { return value - static_cast<int>(plan_.values.size()); }
  void point(Buffer& buffer, std::byte* pointer);

  const Plan& plan_;
  dnnl::engine engine_;
  KeptPrimitives& primitives_;
  std::vector<std::vector<Copy>> copies_;
  std::vector<int> lastUse_;
  std::vector<int> inputBuffers_;
  /** By layer; -1: none. */
  std::vector<int> kept_;
  std::vector<Buffer> buffers_;
  /** By value. */
  std::map<int, Prepared> prepared_;
  std::vector<Action> actions_;
  std::string stepName_;
  int step_ = 0;
  /** The first of those that are computed. */
  size_t batch_ = 0;
  int part_ = 0;
  bool byParts_ = false;
  Result result_;
};

/** The row-major layout. */
Desc rowMajor(const Dims& dims);

using Lowering = void (*)(Program&, const Step&);
/** Null for an operation that does not exist. */
Lowering loweringOf(const std::string& op);

/**
 * Appends what gathers a layer's statistics from the gradient of a batch.
 * @param parts the gradients so far of the batches that are computed at once, this one last
 */
void gather(Program& program, const std::vector<Copy>& parts, size_t layer);

}  // namespace zico
