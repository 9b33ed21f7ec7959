// wick_model: loading, and what there is to say of a model.
#include <wick/error.h>

#include <utility>

#include "api/handles.h"
#include "api/progress.h"
#include "api/structs.h"
#include "model/bundled_model.h"
#include "model/plugin_options.h"
#include "text/tokenizer.h"

namespace wick::api {
namespace {

constexpr char kLoad[] = "wick_model_load";

wick_load_options defaults() noexcept {
  wick_load_options options{};
  options.struct_size = sizeof options;
  options.max_tokens = ModelOptions().max_tokens;
  return options;
}

/// "auto" is the name of the default.
std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> names;
  if (list.empty() || list == "auto") return names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    names.emplace_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::vector<DeviceNumber> numbers(const wick_device_number* values, std::uint32_t n) {
  std::vector<DeviceNumber> result;
  for (const wick_device_number& value : array_of(kLoad, values, n))
    result.push_back({&need(value.device, kLoad, "name of a device"), value.number});
  return result;
}

ModelOptions model_options(const wick_load_options& from) {
  check_flags(kLoad, from.flags, WICK_LOAD_PRECISE);
  ModelOptions options;
  options.path = from.path != nullptr ? from.path : bundled_model_path();
  options.backends = split(or_empty(from.backends));
  options.layers = numbers(from.layers, from.n_layers);
  options.memory = numbers(from.memory, from.n_memory);
  options.context = from.context;
  options.max_tokens = from.max_tokens;
  options.precise = (from.flags & WICK_LOAD_PRECISE) != 0;
  const Progress progress{from.progress, from.progress_context};
  options.progress = [progress](std::string_view what, double done) { progress.tell(what, done); };
  return options;
}

wick_model_facts facts_of(const LoadedModel& loaded) {
  const ModelFacts& of = loaded.model->facts();
  const Tokenizer& tokenizer = loaded.model->tokenizer();
  wick_model_facts facts{};
  facts.n_layers = of.n_layers;
  facts.architecture = of.architecture.c_str();
  facts.name = of.name.c_str();
  facts.backends = loaded.backends.c_str();
  facts.vocab_size = of.vocab_size;
  facts.model_dim = of.model_dim;
  facts.n_parameters = of.n_parameters;
  facts.file_bytes = of.file_bytes;
  facts.trained_context = of.context_length;
  facts.context = loaded.model->context();
  facts.bos = tokenizer.bos().value_or(-1);
  facts.eos = tokenizer.eos().value_or(-1);
  facts.adds_bos = tokenizer.adds_bos() ? 1 : 0;
  return facts;
}

}  // namespace
}  // namespace wick::api

using namespace wick::api;

void wick_load_options_init(wick_load_options* options, uint32_t struct_size) {
  init(options, struct_size, defaults());
}

wick_status wick_model_load(wick_engine* engine, const wick_load_options* options,
                            wick_model** model, wick_failure** failure) {
  return guarded(failure, [&] {
    const std::shared_ptr<wick::Runtime>& runtime = need(engine, kLoad, "engine").runtime;
    wick_model*& made = need(model, kLoad, "place of the model");
    const wick_load_options own = options_of(kLoad, options, defaults());
    auto loaded = wick::Model::load(*runtime, model_options(own));
    check_plugin_options(runtime->registry(), loaded->plan());
    made = new wick_model{std::make_shared<LoadedModel>(runtime, std::move(loaded))};
  });
}

void wick_model_free(wick_model* model) {
  delete model;
}

wick_status wick_model_describe(const wick_model* model, wick_model_facts* facts,
                                wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_model_describe";
    const LoadedModel& loaded = *need(model, kFunction, "model").loaded;
    answer(kFunction, facts_of(loaded), &need(facts, kFunction, "facts"));
  });
}
