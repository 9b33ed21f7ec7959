// See generation.h; and the class of the module.
#include "generation.h"

#include <pybind11/stl.h>
#include <wick/error.h>

#include "bindings.h"

namespace wick::python {
namespace {

using namespace py::literals;

/// Marks a generation as being advanced.
class Busy {
 public:
  explicit Busy(std::atomic<bool>& flag) : flag_(flag) {
    if (flag_.exchange(true))
      fail(ErrorCode::kBadArgument, "generation: another call is advancing it",
           "; give each thread a generation of its own");
  }
  ~Busy() { flag_ = false; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  std::atomic<bool>& flag_;
};

}  // namespace

PulledGeneration::PulledGeneration(std::shared_ptr<LockedModel> model, GenerationOptions options,
                                   std::vector<std::int32_t> prompt)
    : model_(std::move(model)), parts_(model_->parts()) {
  continuation_.emplace(
      parts_->model->tokenizer(), std::move(options),
      [this](std::span<const std::int32_t> tokens) { return evaluate(tokens); }, std::move(prompt));
}

LogitsRow PulledGeneration::evaluate(std::span<const std::int32_t> tokens) {
  if (closed_) fail(ErrorCode::kCancelled, "generation: was closed");
  Session& session = use_->session();
  if (!sequence_) sequence_ = session.create();
  // A copy: another generation may come before the next step of this one.
  evaluate_in_pieces(*use_, {*sequence_, tokens, WantLogits::kLast},
                     [&](std::size_t, std::size_t, std::span<const float> logits) {
                       logits_.assign(logits.begin(), logits.end());
                     });
  return LogitsRow(logits_);
}

std::optional<std::string> PulledGeneration::step() {
  LockedModel::Use use(*model_);
  use_ = &use;
  std::optional<std::string> text = continuation_->next();
  use_ = nullptr;
  keep_result(!text);
  if (!text && result_.reason == FinishReason::kContextFull)
    fail_context_full(continuation_->result(), use.model().context());
  return text;
}

void PulledGeneration::keep_result(bool ended) {
  const std::lock_guard lock(mutex_);
  const Generation& from = continuation_->result();
  result_.text.append(from.text, result_.text.size());
  result_.ids.insert(result_.ids.end(),
                     from.ids.begin() + static_cast<std::ptrdiff_t>(result_.ids.size()),
                     from.ids.end());
  result_.stats = from.stats;
  result_.stats.n_generated = from.ids.size();
  if (ended) result_.reason = from.reason;
}

std::optional<std::string> PulledGeneration::next() {
  const Busy busy(busy_);
  if (closed_ || !continuation_) {
    release();
    return std::nullopt;
  }
  try {
    std::optional<std::string> text = step();
    if (!text) release();
    return text;
  } catch (const Error& error) {
    const bool was_closed = closed_;  // by another thread, while the prompt was evaluated
    release();
    if (error.code() == ErrorCode::kCancelled && was_closed) return std::nullopt;
    throw;
  } catch (...) {
    release();
    throw;
  }
}

void PulledGeneration::release() noexcept {
  closed_ = true;
  use_ = nullptr;
  if (sequence_) model_->abandon(*sequence_);
  sequence_.reset();
  continuation_.reset();
  parts_.reset();
}

PulledGeneration::Result PulledGeneration::result() const {
  const std::lock_guard lock(mutex_);
  Result result = result_;
  if (closed_ && !result.reason) result.reason = FinishReason::kCancelled;
  return result;
}

namespace {

py::dict described(const PulledGeneration& generation) {
  PulledGeneration::Result result;
  {
    const py::gil_scoped_release released;
    result = generation.result();
  }
  py::object reason = py::none();
  if (result.reason) reason = py::str(std::string(finish_reason_name(*result.reason)));
  const GenerationStats& stats = result.stats;
  return py::dict("text"_a = result.text, "token_ids"_a = result.ids, "finish_reason"_a = reason,
                  "n_prompt_tokens"_a = stats.n_prompt, "n_gen_tokens"_a = stats.n_generated,
                  "prompt_tokens_per_s"_a = stats.prompt_tokens_per_second(),
                  "gen_tokens_per_s"_a = stats.generated_tokens_per_second(),
                  "first_token_s"_a = stats.prompt_seconds);
}

template <class T>
void take(const py::dict& words, const char* name, T& value) {
  if (words.contains(name)) value = words[name].cast<T>();
}

/// The numbers are checked by the core.
GenerationOptions options_of(const py::dict& words) {
  GenerationOptions options;
  SamplingOptions& sampling = options.sampling;
  take(words, "temp", sampling.temperature);
  take(words, "top_k", sampling.top_k);
  take(words, "top_p", sampling.top_p);
  take(words, "min_p", sampling.min_p);
  take(words, "typical", sampling.typical_p);
  if (words.contains("mirostat")) {
    const auto [tau, eta] = words["mirostat"].cast<std::pair<double, double>>();
    sampling.mirostat = MirostatOptions{tau, eta};
  }
  take(words, "repeat_penalty", sampling.repeat_penalty);
  take(words, "frequency_penalty", sampling.frequency_penalty);
  take(words, "presence_penalty", sampling.presence_penalty);
  take(words, "repeat_last", sampling.repeat_last_n);
  take(words, "seed", sampling.seed);
  take(words, "n_predict", options.n_tokens);
  take(words, "stop", options.stops);
  bool special = false;
  take(words, "special", special);
  options.special = special ? SpecialText::kShown : SpecialText::kHidden;
  return options;
}

}  // namespace

void bind_generation(py::module_& module) {
  using Released = py::call_guard<py::gil_scoped_release>;
  py::class_<PulledGeneration>(module, "Generation")
      .def(py::init([](std::shared_ptr<LockedModel> model, const py::dict& words,
                       std::vector<std::int32_t> prompt) {
        return std::make_unique<PulledGeneration>(std::move(model), options_of(words),
                                                  std::move(prompt));
      }))
      .def("next", &PulledGeneration::next, Released())
      .def("close", &PulledGeneration::close, Released())
      .def("result", &described);
}

}  // namespace wick::python
