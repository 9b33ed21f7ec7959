// A model as a class of the module: loading it, its text and its numbers.
#include "model/model.h"

#include <pybind11/stl.h>
#include <wick/error.h>

#include "bindings.h"
#include "buffers.h"
#include "locked_model.h"
#include "model/plugin_options.h"
#include "schedule/plan_report.h"
#include "text/tokenizer.h"
#include "word_options.h"

namespace wick::python {
namespace {

using namespace py::literals;

ModelOptions options_of(const py::dict& words) {
  ModelOptions options = device_options(words);
  options.path = words["path"].cast<std::string>();
  options.context = words["context"].cast<std::uint32_t>();
  options.hidden = true;
  return options;
}

std::shared_ptr<LockedModel> load(std::shared_ptr<Runtime> runtime, const py::dict& words,
                                  const py::object& progress) {
  ModelOptions options = options_of(words);
  PythonCalls calls;
  options.progress = [&](std::string_view what, double done) {
    if (!progress.is_none()) calls.call([&] { progress(what, done); });
    calls.raised();
  };
  const py::gil_scoped_release released;
  LockedModel::Parts parts{std::move(runtime), {}, {}};
  parts.model = Model::load(*parts.runtime, options);
  calls.check();
  check_plugin_options(parts.runtime->registry(), parts.model->plan());
  parts.session = std::make_unique<Session>(*parts.model);
  return std::make_shared<LockedModel>(std::move(parts));
}

py::list lines_of(const PlanReport& plan) {
  py::list list;
  for (const PlanLine& line : plan.lines)
    list.append(py::dict("part"_a = line.part, "backend"_a = line.backend, "entry"_a = line.entry,
                         "device"_a = line.device, "weight_bytes"_a = line.bytes.weights,
                         "total_bytes"_a = line.bytes.total(), "reason"_a = line.reason));
  return list;
}

py::dict facts(const LockedModel& model) {
  const auto parts = model.parts();
  const ModelFacts& of = parts->model->facts();
  const Tokenizer& tokenizer = parts->model->tokenizer();
  return py::dict("architecture"_a = of.architecture, "name"_a = of.name,
                  "n_layers"_a = of.n_layers, "vocab_size"_a = of.vocab_size,
                  "model_dim"_a = of.model_dim, "n_parameters"_a = of.n_parameters,
                  "file_bytes"_a = of.file_bytes, "context_length"_a = of.context_length,
                  "context"_a = parts->model->context(), "bos"_a = tokenizer.bos(),
                  "eos"_a = tokenizer.eos(), "end_tokens"_a = tokenizer.end_tokens(),
                  "plan"_a = lines_of(parts->model->plan()));
}

std::vector<std::int32_t> tokenize(const LockedModel& model, const std::string& text, bool bos,
                                   bool special) {
  EncodeOptions options;
  options.add_bos = bos;
  options.parse_special = special;
  return model.parts()->model->tokenizer().encode(text, options);
}

std::string detokenize(const LockedModel& model, const std::vector<std::int32_t>& ids,
                       bool special) {
  return model.parts()->model->tokenizer().decode(
      ids, special ? SpecialText::kShown : SpecialText::kHidden);
}

/// What rows of a text are read for.
enum class Wanted { kLogits, kHidden };

/// Of all tokens, or of the last alone; into `out` [n_rows, width] of f32.
void read_rows(LockedModel& model, const std::vector<std::int32_t>& tokens, Wanted wanted,
               WantLogits which, const py::buffer& out) {
  if (tokens.empty())
    fail(ErrorCode::kUsage, wanted == Wanted::kLogits ? "logits" : "embeddings",
         ": the text has no tokens, need at least one");
  const ModelFacts& of = model.parts()->model->facts();
  const std::uint64_t width = wanted == Wanted::kLogits ? of.vocab_size : of.model_dim;
  const std::uint64_t n_rows = which == WantLogits::kAll ? tokens.size() : 1;
  const BufferView<float> rows(out, n_rows * width, true);
  const py::gil_scoped_release released;
  LockedModel::Use use(model);
  Session& session = use.session();
  const SequenceId sequence = session.create();
  float* to = rows.data();
  try {
    evaluate_in_pieces(use, {sequence, tokens, which},
                       [&](std::size_t, std::size_t, std::span<const float> logits) {
                         const auto row = wanted == Wanted::kLogits ? logits : session.hidden();
                         to = std::copy(row.begin(), row.end(), to);
                       });
  } catch (...) {
    session.remove(sequence);
    throw;
  }
  session.remove(sequence);
}

}  // namespace

void bind_model(py::module_& module) {
  using Released = py::call_guard<py::gil_scoped_release>;
  py::class_<LockedModel, std::shared_ptr<LockedModel>>(module, "Model")
      .def(py::init(&load))
      .def("facts", &facts)
      .def("tokenize", &tokenize, Released())
      .def("detokenize", &detokenize, Released())
      .def(
          "state_bytes",
          [](LockedModel& model) { return LockedModel::Use(model).session().state_bytes(); },
          Released())
      .def("close", &LockedModel::close, Released())
      .def_property_readonly("closed", &LockedModel::closed)
      .def("read_logits",
           [](LockedModel& model, const std::vector<std::int32_t>& tokens, bool last,
              const py::buffer& out) {
             read_rows(model, tokens, Wanted::kLogits, last ? WantLogits::kLast : WantLogits::kAll,
                       out);
           })
      .def("read_hidden", [](LockedModel& model, const std::vector<std::int32_t>& tokens, bool last,
                             const py::buffer& out) {
        read_rows(model, tokens, Wanted::kHidden, last ? WantLogits::kLast : WantLogits::kAll, out);
      });
}

}  // namespace wick::python
