// See model.h: opens, places, loads.
#include "model/model.h"

#include <wick/error.h>

#include <algorithm>
#include <map>

#include "model/bound_model.h"
#include "model/model_request.h"
#include "model/segment_loader.h"
#include "model/token_cost.h"
#include "plugins/runtime.h"
#include "schedule/executor.h"
#include "schedule/placement.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"

namespace wick {
namespace {

enum class Wants { kPlace, kPlaceAndSpeed };

/// Entries that --backend auto is to leave out, and why.
using Failed = std::map<std::string, std::string>;

Placement place_model(Runtime& runtime, const ModelOptions& options, const ModelDemand& demand,
                      Wants wants, Failed failed = {}) {
  PlacementOptions placement{options.backends, options.layers, options.memory, {}, false,
                             std::move(failed)};
  placement.speed = [&](const ListedDevice& device) {
    return known_speed(device, runtime.pool(), [&] {
      if (options.progress) options.progress("measuring " + device.name, 0);
    });
  };
  placement.wants_speed = wants == Wants::kPlaceAndSpeed;
  return place(runtime.registry(), placement, demand);
}

PlanReport report_of(const BoundModel& model, const ModelOptions& options,
                     const Placement& placement) {
  PlanReport report;
  report.model = model.facts().name;
  report.architecture = model.facts().architecture;
  report.context = context_of(model.facts(), options);
  report.n_sequences = options.n_sequences;
  report.precise = options.precise;
  report.lines = placement.lines;
  report.notes = placement.notes;
  return report;
}

std::unique_ptr<Executor> load_executor(Runtime& runtime, const BoundModel& model,
                                        const ModelOptions& options, const ModelDemand& demand,
                                        const Placement& placement) {
  LoadedSegments loaded = load_segments(model, demand, placement, runtime.pool(), [&](double done) {
    if (options.progress) options.progress("packing weights", done);
  });
  return std::make_unique<Executor>(
      model.graph(), std::move(loaded.sources), std::move(loaded.weights),
      ExecutorOptions{demand.max_tokens, demand.max_outputs, options.precise, options.n_candidates,
                      model.hidden()});
}

/// Whether another device may do better.
bool blames_device(ErrorCode code) {
  return code == ErrorCode::kOutOfMemory || code == ErrorCode::kDeviceLost ||
         code == ErrorCode::kUnavailable;
}

void check_options(const ModelOptions& options) {
  if (options.max_tokens == 0 || options.n_sequences == 0)
    fail(ErrorCode::kBadArgument, "model: a batch and the number of sequences are at least 1");
}

std::unique_ptr<Tokenizer> make_tokenizer(const BoundModel& model) {
  auto tokenizer = Tokenizer::create(vocabulary_from_gguf(model.file()));
  const auto n_tokens = static_cast<std::uint64_t>(tokenizer->vocab_size());
  if (n_tokens != model.facts().vocab_size)
    fail(ErrorCode::kBadFile, model.file().path(),
         ": the tokenizer does not belong to the weights, got ", n_tokens, " tokens, need ",
         model.facts().vocab_size);
  return tokenizer;
}

}  // namespace

struct Model::Parts {
  std::unique_ptr<BoundModel> bound;
  std::unique_ptr<Tokenizer> tokenizer;
  std::vector<ObservedProduct> observed;
  PlanReport plan;
  std::unique_ptr<Executor> executor;
  std::uint32_t context = 0;
};

Model::Model(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Model::~Model() = default;

std::unique_ptr<Model> Model::load(Runtime& runtime, const ModelOptions& options) {
  check_options(options);
  auto parts = std::make_unique<Parts>();
  parts->bound = BoundModel::open(runtime.registry(), options.path);
  if (options.hidden) parts->bound->show_hidden();
  parts->tokenizer = make_tokenizer(*parts->bound);
  if (options.observe_products) parts->observed = parts->bound->observe_products();
  const ModelDemand demand = demand_of(*parts->bound, options);
  Failed failed;
  while (!parts->executor) {
    const Placement placement = place_model(runtime, options, demand, Wants::kPlace, failed);
    parts->plan = report_of(*parts->bound, options, placement);
    parts->context = parts->plan.context;
    try {
      parts->executor = load_executor(runtime, *parts->bound, options, demand, placement);
    } catch (const Error& e) {
      if (!options.backends.empty() || !blames_device(e.code())) throw;
      failed[placement.devices.front().entry] = e.what();
    }
  }
  return std::unique_ptr<Model>(new Model(std::move(parts)));
}

const Tokenizer& Model::tokenizer() const noexcept {
  return *parts_->tokenizer;
}
const ModelFacts& Model::facts() const noexcept {
  return parts_->bound->facts();
}
const GgufFile& Model::file() const noexcept {
  return parts_->bound->file();
}
const PlanReport& Model::plan() const noexcept {
  return parts_->plan;
}
std::uint32_t Model::context() const noexcept {
  return parts_->context;
}
Executor& Model::executor() noexcept {
  return *parts_->executor;
}

const std::vector<ObservedProduct>& Model::observed() const noexcept {
  return parts_->observed;
}

TokenCost Model::token_cost() const {
  TokenCost cost;
  std::map<std::uint32_t, NumberKind> kinds;  // by value of the whole graph
  for (const WeightSource& source : parts_->bound->weights())
    kinds[source.value] = number_kind(source.desc());
  for (const Segment& segment : parts_->executor->segments()) {
    const Device& device = segment.device();
    std::vector<CostedWeight> weights;
    for (const wick_weight_binding& bound : segment.weights())
      weights.push_back({bound.value, kinds.at(segment.cut().whole_value[bound.value]),
                         device.table().weight_bytes(device.self(), bound.weight)});
    TokenCost part = product_cost(segment.cut().graph, weights);
    add_state_cost(part, device, segment.cut().graph, parts_->plan.precise);
    cost += part;
  }
  return cost;
}

PlanReport plan_model(Runtime& runtime, const ModelOptions& options) {
  check_options(options);
  const auto bound = BoundModel::open(runtime.registry(), options.path);
  if (options.hidden) bound->show_hidden();
  const ModelDemand demand = demand_of(*bound, options);
  return report_of(*bound, options, place_model(runtime, options, demand, Wants::kPlaceAndSpeed));
}

}  // namespace wick
