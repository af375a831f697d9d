// The Node-API side: takes a plan, computes on a thread of its own, resolves a promise.
#include <napi.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "bf16.hpp"
#include "instructions.hpp"
#include "program.hpp"
#include "revision.hpp"

namespace {

using zico::Plan;
using zico::Result;

/**
 * Everything computes on one thread: OpenMP keeps a team of helpers for each thread that ever asked it,
 * and the event loop must stay free.
 */
class Engine {
 public:
  static Engine& only() {
    static Engine* engine = new Engine();  // its thread ends with the process
    return *engine;
  }

  Result run(const Plan& plan, bool timed) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !task_; });
    Result result;
    std::exception_ptr error;
    bool done = false;
    cancel = false;
    task_ = [&] {
      try {
        zico::instructions();
        omp_set_num_threads(plan.threads);
        zico::Program program(plan, engine_, primitives_);
        result = program.run(arena_, stream_, cancel, timed);
      } catch (...) {
        error = std::current_exception();
      }
    };
    finished_ = &done;
    changed_.notify_all();
    changed_.wait(lock, [&] { return done; });
    if (error) std::rethrow_exception(error);
    return result;
  }

  std::atomic<bool> cancel{false};

 private:
  Engine() : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
    std::thread([this] { work(); }).detach();
  }

  void work() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return static_cast<bool>(task_); });
      const auto task = task_;
      lock.unlock();
      task();
      lock.lock();
      *finished_ = true;
      task_ = nullptr;
      changed_.notify_all();
    }
  }

  dnnl::engine engine_;
  dnnl::stream stream_;
  zico::KeptPrimitives primitives_;
  zico::Arena arena_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> task_;
  bool* finished_ = nullptr;
};

/** Throws what a call of Node-API failed with. */
void check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

/** A plan has thousands of numbers: without the wrappers they are read in half of the time. */
template <typename T>
std::vector<T> numbers(const Napi::Value& value) {
  const napi_env env = value.Env();
  uint32_t length = 0;
  check(env, napi_get_array_length(env, value, &length));
  std::vector<T> result(length);
  for (uint32_t i = 0; i < length; i++) {
    napi_value element;
    double number = 0;
    check(env, napi_get_element(env, value, i, &element));
    check(env, napi_get_value_double(env, element, &number));
    result[i] = static_cast<T>(number);
  }
  return result;
}

const float* floats(const Napi::Value& value) { return value.As<Napi::Float32Array>().Data(); }

/** Names of properties that many objects have: each is made once a plan. */
class Keys {
 public:
  explicit Keys(Napi::Env env) : env_(env) {}
  Napi::String operator()(const char* name) {
    const auto known = known_.find(name);
    return known != known_.end() ? known->second
                                 : known_.emplace(name, Napi::String::New(env_, name)).first->second;
  }

 private:
  Napi::Env env_;
  /** By where a literal lies. */
  std::unordered_map<const char*, Napi::String> known_;
};

zico::Step readStep(const Napi::Object& source, Keys& key) {
  zico::Step step;
  step.op = source.Get(key("op")).As<Napi::String>().Utf8Value();
  step.name = source.Get(key("name")).As<Napi::String>().Utf8Value();
  step.inputs = numbers<int>(source.Get(key("inputs")));
  step.outputs = numbers<int>(source.Get(key("outputs")));
  step.ints = numbers<int64_t>(source.Get(key("ints")));
  step.floats = numbers<float>(source.Get(key("floats")));
  step.data = numbers<float>(source.Get(key("data")));
  return step;
}

Plan readPlan(const Napi::Object& source) {
  Plan plan;
  Keys key(source.Env());
  const auto values = source.Get("values").As<Napi::Array>();
  for (uint32_t i = 0; i < values.Length(); i++) {
    const auto value = values.Get(i).As<Napi::Object>();
    zico::Value read{numbers<int64_t>(value.Get(key("dims"))), nullptr, std::nullopt};
    const Napi::Value constant = value.Get(key("constant"));
    if (constant.IsTypedArray()) read.constant = floats(constant);
    const Napi::Value drawing = value.Get(key("drawn"));
    if (drawing.IsObject()) {
      const auto drawn = drawing.As<Napi::Object>();
      read.drawn = {drawn.Get("generatorSeed").ToNumber().Uint32Value(),
                    drawn.Get("bound").ToNumber().DoubleValue()};
    }
    plan.values.push_back(std::move(read));
  }
  const auto steps = source.Get("steps").As<Napi::Array>();
  for (uint32_t i = 0; i < steps.Length(); i++) {
    plan.steps.push_back(readStep(steps.Get(i).As<Napi::Object>(), key));
  }
  plan.inputs = numbers<int>(source.Get("inputs"));
  plan.gradients = numbers<int>(source.Get("gradients"));
  const Napi::Value together = source.Get("together");
  if (together.IsNumber()) plan.together = together.ToNumber().Int32Value();
  plan.termCap = source.Get("termCap").ToNumber().DoubleValue();
  plan.keepGradients = source.Get("keepGradients").ToBoolean();
  plan.bf16 = source.Get("bf16").ToBoolean();
  const Napi::Value memory = source.Get("memoryBytes");
  if (memory.IsNumber()) plan.memoryBytes = memory.ToNumber().DoubleValue();
  plan.winograd = source.Get("winograd").ToBoolean();
  plan.winogradEverywhere = source.Get("winogradEverywhere").ToBoolean();
  plan.threads = source.Get("threads").ToNumber().Int32Value();
  const auto batches = source.Get("batches").As<Napi::Array>();
  for (uint32_t i = 0; i < batches.Length(); i++) {
    const auto batch = batches.Get(i).As<Napi::Object>();
    zico::Batch read;
    const auto inputs = batch.Get("inputs").As<Napi::Array>();
    for (uint32_t k = 0; k < inputs.Length(); k++) read.inputs.push_back(floats(inputs.Get(k)));
    read.targets = batch.Get("targets").As<Napi::Int32Array>().Data();
    plan.batches.push_back(std::move(read));
  }
  return plan;
}

class Run : public Napi::AsyncWorker {
 public:
  Run(const Napi::Object& plan, bool timed)
      : Napi::AsyncWorker(plan.Env()),
        promise_(Napi::Promise::Deferred::New(plan.Env())),
        plan_(readPlan(plan)),
        source_(Napi::Persistent(plan)),  // its arrays are read while this runs
        timed_(timed) {}

  Napi::Promise promise() const { return promise_.Promise(); }

  void Execute() override {
    try {
      result_ = Engine::only().run(plan_, timed_);
    } catch (const std::exception& error) {
      SetError(error.what());
    }
  }

  void OnOK() override {
    const Napi::Env env = Env();
    auto report = Napi::Object::New(env);
    auto layers = Napi::Array::New(env);
    for (const auto& layer : result_.layers) {
      auto own = Napi::Object::New(env);
      own.Set("sum", layer.sum);
      own.Set("sumCapped", layer.sumCapped);
      own.Set("gradientNorms", list(layer.norms));
      if (!layer.gradients.empty()) own.Set("gradients", arrays(layer.gradients));
      layers.Set(layers.Length(), own);
    }
    auto times = Napi::Array::New(env);
    const auto name = Napi::String::New(env, "name"), seconds = Napi::String::New(env, "seconds");
    for (const auto& time : result_.times) {
      auto own = Napi::Object::New(env);
      own.Set(name, Napi::String::New(env, time.name));
      own.Set(seconds, Napi::Number::New(env, time.seconds));
      times.Set(times.Length(), own);
    }
    report.Set("layers", layers);
    report.Set("losses", list(result_.losses));
    report.Set("times", times);
    report.Set("arenaBytes", static_cast<double>(result_.arenaBytes));
    report.Set("freshBytes", static_cast<double>(result_.freshBytes));
    report.Set("reorders", static_cast<double>(result_.reorders));
    report.Set("compileSeconds", result_.compileSeconds);
    promise_.Resolve(report);
  }

  void OnError(const Napi::Error& error) override { promise_.Reject(error.Value()); }

 private:
  Napi::Array list(const std::vector<double>& values) const {
    auto array = Napi::Array::New(Env(), values.size());
    for (size_t i = 0; i < values.size(); i++) array.Set(static_cast<uint32_t>(i), values[i]);
    return array;
  }

  Napi::Array arrays(const std::vector<std::vector<float>>& gradients) const {
    auto result = Napi::Array::New(Env());
    for (const auto& gradient : gradients) {
      auto own = Napi::Float32Array::New(Env(), gradient.size());
      std::copy(gradient.begin(), gradient.end(), own.Data());
      result.Set(result.Length(), own);
    }
    return result;
  }

  Napi::Promise::Deferred promise_;
  Plan plan_;
  Napi::ObjectReference source_;
  bool timed_;
  Result result_;
};

Napi::Value run(const Napi::CallbackInfo& info) {
  auto* worker = new Run(info[0].As<Napi::Object>(), info[1].ToBoolean());
  worker->Queue();
  return worker->promise();
}

Napi::Value cancel(const Napi::CallbackInfo& info) {
  Engine::only().cancel = true;
  return info.Env().Undefined();
}

/** A function, not a constant: the first call decides what oneDNN may use, so loading must not make it. */
Napi::Value bf16(const Napi::CallbackInfo& info) {
  zico::instructions();
  return Napi::Boolean::New(info.Env(), zico::computesBf16());
}

Napi::Value instructions(const Napi::CallbackInfo& info) {
  try {
    return Napi::String::New(info.Env(), zico::instructions());
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
#ifdef ZICO_X64
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    throw Napi::Error::New(env, "this processor has no AVX2, for which it was compiled.");
  }
#endif
  const dnnl_version_t* version = dnnl_version();
  exports.Set("version", std::to_string(version->major) + "." + std::to_string(version->minor) +
                             "." + std::to_string(version->patch) + "+k" +
                             std::to_string(zico::kRevision));
  exports.Set("winograd", zico::kWinogradRevision);
  exports.DefineProperties({
      Napi::PropertyDescriptor::Accessor<bf16>("bf16", napi_enumerable),
      Napi::PropertyDescriptor::Accessor<instructions>("instructions", napi_enumerable),
  });
  exports.Set("run", Napi::Function::New(env, run));
  exports.Set("cancel", Napi::Function::New(env, cancel));
  return exports;
}

}  // namespace

NODE_API_MODULE(zico_onednn, init)
