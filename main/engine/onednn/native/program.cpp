#include "program.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "weight-blocks.hpp"

namespace zico {

namespace {
constexpr int kForever = std::numeric_limits<int>::max();

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}
}  // namespace

Desc rowMajor(const Dims& dims) {
  const Dims shape = dims.empty() ? Dims{1} : dims;
  Dims strides(shape.size());
  int64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return Desc(shape, dnnl::memory::data_type::f32, strides);
}

Desc withImages(Desc desc, int64_t images) {
  const auto& blocking = desc.data.format_desc.blocking;
  for (int inner = 0; inner < blocking.inner_nblks; inner++) {
    if (blocking.inner_idxs[inner] == 0) throw std::logic_error("a layout that mixes images");
  }
  for (int axis = 1; axis < desc.data.ndims; axis++) {
    const bool within = blocking.strides[axis] <= blocking.strides[0] || desc.data.dims[axis] == 1;
    if (!within) throw std::logic_error("a layout whose images lie apart");
  }
  desc.data.dims[0] = desc.data.padded_dims[0] = images;
  return desc;
}

Program::Program(const Plan& plan, const dnnl::engine& engine, KeptPrimitives& primitives)
    : plan_(plan), engine_(engine), primitives_(primitives) {
  const double start = now();
  copies_.resize(plan.values.size());
  lastUse_.assign(plan.values.size(), -1);
  for (size_t i = 0; i < plan.steps.size(); i++) {
    for (int value : plan.steps[i].inputs) {
      if (value >= 0) lastUse_[value] = static_cast<int>(i);
    }
  }
  for (int value : plan.gradients) lastUse_[value] = kForever;
  bringInputs();
  std::map<int, std::vector<size_t>> wanted;
  for (size_t layer = 0; layer < plan.gradients.size(); layer++) {
    wanted[plan.gradients[layer]].push_back(layer);
  }
  result_.layers.resize(plan.gradients.size());
  kept_.assign(plan.gradients.size(), -1);
  for (size_t i = 0; i < plan.steps.size(); i++) {
    step_ = static_cast<int>(i);
    const Step& step = plan.steps[i];
    std::vector<std::pair<int, size_t>> own;
    for (int value : step.outputs) {
      const auto layers = wanted.find(value);
      if (layers == wanted.end()) continue;
      for (size_t layer : layers->second) own.push_back({value, layer});
    }
    if (own.empty()) lower(step);
    else lowerWanted(step, own);
  }
  result_.compileSeconds = now() - start;
}

/** A gradient for each batch: the step once for each part, and what gathers its statistics. */
void Program::lowerWanted(const Step& step, const std::vector<std::pair<int, size_t>>& wanted) {
  std::map<int, std::vector<Copy>> parts;
  byParts_ = plan_.together > 1;
  for (part_ = 0; part_ < plan_.together; part_++) {
    if (part_ > 0) {
      for (const auto& [value, layer] : wanted) copies_[value].clear();
    }
    lower(step);
    for (const auto& [value, layer] : wanted) {
      auto& own = parts[value];
      if (own.size() <= static_cast<size_t>(part_)) own.push_back(made(value));
    }
    stepName_ = "statistics";
    for (const auto& [value, layer] : wanted) {
      gather(*this, parts[value], layer);
      if (plan_.keepGradients) keepGradient(value, layer);
    }
  }
  byParts_ = false;
  part_ = 0;
}

/** Inputs are read where the caller has them, or put one behind the other. */
void Program::bringInputs() {
  stepName_ = "input";
  for (size_t i = 0; i < plan_.inputs.size(); i++) {
    const int value = plan_.inputs[i];
    const bool apart = plan_.together == 1;
    const Copy copy{rowMajor(dims(value)), newBuffer(apart ? 0 : rowMajor(dims(value)).get_size(), apart)};
    copies_[value].push_back(copy);
    if (apart) {
      buffers_[copy.buffer].shared = true;
      inputBuffers_.push_back(copy.buffer);
      continue;
    }
    const int64_t each = elements(value) / plan_.together;
    act({copy.buffer}, [=](dnnl::stream&) {
      for (int part = 0; part < plan_.together; part++) {
        std::copy_n(batch(part).inputs[i], each, at(copy) + part * each);
      }
    });
  }
}

Dims Program::dimsOfPart(int value) const {
  Dims own = dims(value);
  if (byParts_) own[0] /= plan_.together;
  return own;
}

Dims Program::dimsOfAll(int value) const {
  Dims all = dims(value);
  all[0] = all[0] / plan_.together * static_cast<int64_t>(batches());
  return all;
}

Copy Program::ofPart(const Copy& whole) const {
  if (!byParts_) return whole;
  const Desc own = withImages(whole.desc, whole.desc.dims()[0] / plan_.together);
  return {own, whole.buffer, whole.offset + static_cast<size_t>(part_) * own.get_size()};
}

Desc Program::ofAll(const Desc& part) const {
  return byParts_ ? withImages(part, part.dims()[0] * plan_.together) : part;
}

void Program::keepGradient(int value, size_t layer) {
  // Grouped weights have one more axis here; row-major, their numbers lie in the same order.
  const Copy plain = in(value, rowMajor(made(value).desc.dims()));
  const int64_t count = elements(value);
  act({plain.buffer}, [=](dnnl::stream&) {
    result_.layers[layer].gradients.emplace_back(at(plain), at(plain) + count);
  });
}

void Program::lower(const Step& step) {
  stepName_ = step.op + " " + step.name;
  const Lowering lowering = loweringOf(step.op);
  if (!lowering) throw std::runtime_error("no operation " + step.op);
  try {
    lowering(*this, step);
  } catch (const dnnl::error& error) {
    throw std::runtime_error(stepName_ + ": " + error.what());
  }
}

int64_t Program::elements(int value) const {
  int64_t product = 1;
  for (int64_t size : dims(value)) product *= size;
  return product;
}

int Program::newBuffer(size_t bytes, bool kept) {
  Buffer buffer;
  buffer.bytes = bytes;
  buffer.kept = kept;
  buffer.first = kept ? preparation(0) : static_cast<int>(actions_.size());
  buffer.last = kept ? kForever : buffer.first;
  buffers_.push_back(std::move(buffer));
  return static_cast<int>(buffers_.size()) - 1;
}

/** Alive until the next action. */
void Program::touch(int buffer) {
  Buffer& touched = buffers_[buffer];
  touched.used = true;
  if (!touched.kept) touched.last = std::max(touched.last, static_cast<int>(actions_.size()));
}

int Program::scratch(size_t bytes) { return newBuffer(bytes, false); }
int Program::persistent(size_t bytes) { return newBuffer(bytes, true); }

Copy Program::made(int value) {
  auto& copies = copies_[value];
  if (copies.empty() && plan_.values[value].drawn) {
    const Desc desc = rowMajor(dims(value));
    const int buffer = newBuffer(desc.get_size(), true);
    prepared_[value].drawn = buffer;
    copies.push_back({desc, buffer});
  }
  if (copies.empty()) {
    const float* numbers = plan_.values[value].constant;
    if (!numbers) throw std::logic_error("a value is used before it is made: " + stepName_);
    const int buffer = newBuffer(0, true);
    buffers_[buffer].shared = true;
    buffers_[buffer].pointer = reinterpret_cast<std::byte*>(const_cast<float*>(numbers));
    copies.push_back({rowMajor(dims(value)), buffer});
  }
  return copies.front();
}

Copy Program::in(int value, const Desc& desc) {
  made(value);
  for (const Copy& copy : copies_[value]) {
    if (copy.desc == desc) return copy;
  }
  // Grouped weights have one more axis than their gradient or initialiser says.
  Copy from = copies_[value].front();
  if (from.desc.dims() != desc.dims()) from.desc = rowMajor(desc.dims());
  if (fixed(value)) {
    const auto blocks = WeightBlocks::of(desc, false);
    const Copy copy = blocks ? beforehand(value, desc, *blocks) : beforehand(value, desc, from.desc);
    copies_[value].push_back(copy);
    return copy;
  }
  const Copy copy{desc, newBuffer(desc.get_size(), false)};
  result_.reorders++;
  const std::string name = stepName_;
  stepName_ = "reorder for " + name;
  act({from.buffer, copy.buffer}, reorder(from, copy));
  stepName_ = name;
  copies_[value].push_back(copy);
  return copy;
}

std::function<void(dnnl::stream&)> Program::reorder(const Copy& from, const Copy& to) {
  const dnnl::reorder primitive =
      primitives_.reorder
          .of(layoutKey({from.desc, to.desc}),
              [&] { return dnnl::reorder::primitive_desc(engine_, from.desc, engine_, to.desc); })
          .primitive;
  const dnnl::memory source = memory(from);
  const dnnl::memory target = memory(to);
  return [=](dnnl::stream& stream) {
    dnnl::memory a = source;
    dnnl::memory b = target;
    primitive.execute(stream, a, b);
  };
}

Copy Program::beforehand(int value, const Desc& desc,
                         std::function<void(const float*, float*)> write) {
  const Copy from = made(value);
  const Copy copy{desc, newBuffer(desc.get_size(), true)};
  prepared_[value].forms.push_back([=](dnnl::stream&) { write(at(from), at(copy)); });
  return copy;
}

Copy Program::beforehandReordered(int value, const Desc& desc,
                                  std::function<void(const float*, float*)> write) {
  const Desc plain = rowMajor(desc.dims());
  if (desc == plain) return beforehand(value, desc, write);
  const Copy from = made(value);
  const Copy between{plain, newBuffer(plain.get_size(), false)};
  buffers_[between.buffer].first = buffers_[between.buffer].last = preparation(value);
  const Copy copy{desc, newBuffer(desc.get_size(), true)};
  auto& forms = prepared_[value].forms;
  forms.push_back([=](dnnl::stream&) { write(at(from), at(between)); });
  forms.push_back(reorder(between, copy));
  return copy;
}

Copy Program::beforehand(int value, const Desc& desc, const Desc& as) {
  const Copy from = made(value);
  const Copy copy{desc, newBuffer(desc.get_size(), true)};
  prepared_[value].forms.push_back(reorder({as, from.buffer, from.offset}, copy));
  return copy;
}

Copy Program::plain(int value) { return in(value, rowMajor(dims(value))); }

Copy Program::out(int value, const Desc& desc, int inPlaceOf) {
  if (inPlaceOf >= 0 && lastUse_[inPlaceOf] == step_ && copies_[inPlaceOf].size() > 0) {
    for (const Copy& copy : copies_[inPlaceOf]) {
      if (copy.desc == desc && !buffers_[copy.buffer].shared && !buffers_[copy.buffer].kept) {
        copies_[value].push_back({desc, copy.buffer});
        return copies_[value].back();
      }
    }
  }
  copies_[value].push_back({desc, newBuffer(desc.get_size(), false)});
  return copies_[value].back();
}

Copy Program::outPlain(int value, int inPlaceOf) {
  return out(value, rowMajor(dims(value)), inPlaceOf);
}

void Program::alias(int value, int of) {
  const Copy source = plain(of);
  buffers_[source.buffer].shared = true;
  copies_[value].push_back({rowMajor(dims(value)), source.buffer});
}

dnnl::memory Program::memory(const Copy& copy) {
  Buffer& buffer = buffers_[copy.buffer];
  void* known = buffer.pointer ? buffer.pointer + copy.offset : DNNL_MEMORY_NONE;
  dnnl::memory handle(copy.desc, engine_, known);
  buffer.handles.push_back({handle, copy.offset});
  return handle;
}

void Program::act(std::vector<int> touched, std::function<void(dnnl::stream&)> run) {
  for (int buffer : touched) touch(buffer);
  actions_.push_back({stepName_, std::move(run)});
}

int Program::keptOf(size_t layer, size_t bytes) {
  if (kept_[layer] < 0) kept_[layer] = persistent(bytes);
  return kept_[layer];
}

void Program::execute(const dnnl::primitive& primitive, const dnnl::primitive_desc_base& desc,
                      const std::vector<std::pair<int, Copy>>& arguments) {
  Arguments handles;
  std::vector<int> touched;
  for (const auto& [name, copy] : arguments) {
    handles[name] = memory(copy);
    touched.push_back(copy.buffer);
  }
  const Desc space = desc.query_md(dnnl::query::scratchpad_md);
  if (space.get_size() > 0) {
    const Copy pad{space, scratch(space.get_size())};
    handles[DNNL_ARG_SCRATCHPAD] = memory(pad);
    touched.push_back(pad.buffer);
  }
  act(touched, [=](dnnl::stream& stream) { primitive.execute(stream, handles); });
}

void Program::point(Buffer& buffer, std::byte* pointer) {
  buffer.pointer = pointer;
  for (auto& handle : buffer.handles) handle.memory.set_data_handle(pointer + handle.offset);
}

void Program::bind(Arena& arena) {
  for (const auto& [value, own] : prepared_) {
    if (own.drawn < 0 || buffers_[own.drawn].used) continue;
    buffers_[own.drawn].last = buffers_[own.drawn].first = preparation(value);
  }
  std::vector<Lifetime> lifetimes;
  std::vector<size_t> owners;
  for (size_t i = 0; i < buffers_.size(); i++) {
    const Buffer& buffer = buffers_[i];
    if (buffer.bytes == 0) continue;  // memory of the caller
    owners.push_back(i);
    lifetimes.push_back({buffer.bytes, buffer.first, buffer.last});
  }
  const Placement placement = place(lifetimes);
  result_.arenaBytes = placement.bytes;
  if (static_cast<double>(placement.bytes) > plan_.memoryBytes) throw TooLarge(placement.bytes);
  const size_t before = arena.fresh();
  std::byte* start = arena.atLeast(placement.bytes);
  result_.freshBytes = arena.fresh() - before;
  for (size_t i = 0; i < owners.size(); i++) {
    point(buffers_[owners[i]], start + placement.offsets[i]);
  }
}

/** Each value is brought into its forms while it is in a cache. */
void Program::prepare(dnnl::stream& stream) {
  for (const auto& [value, own] : prepared_) {
    if (own.drawn >= 0) plan_.values[value].drawn->into(at(own.drawn), elements(value));
    for (const auto& form : own.forms) form(stream);
  }
}

Result Program::run(Arena& arena, dnnl::stream& stream, const std::atomic<bool>& cancel,
                    bool timed) {
  bind(arena);
  prepare(stream);
  std::vector<double> seconds(timed ? actions_.size() : 0, 0);
  for (batch_ = 0; batch_ < batches(); batch_ += static_cast<size_t>(plan_.together)) {
    for (size_t i = 0; i < inputBuffers_.size(); i++) {
      const float* numbers = batch(0).inputs[i];
      point(buffers_[inputBuffers_[i]], reinterpret_cast<std::byte*>(const_cast<float*>(numbers)));
    }
    for (size_t i = 0; i < actions_.size(); i++) {
      if (cancel) throw Cancelled();
      const double start = timed ? now() : 0;
      actions_[i].run(stream);
      if (timed) seconds[i] += now() - start;
    }
  }
  for (size_t i = 0; i < seconds.size(); i++) {
    result_.times.push_back({actions_[i].name, seconds[i]});
  }
  return std::move(result_);
}

}  // namespace zico
