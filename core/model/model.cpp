// See model.h: opens, places, loads.
#include "model/model.h"

#include <wick/error.h>

#include <algorithm>

#include "model/bound_model.h"
#include "model/token_cost.h"
#include "model/weight_loader.h"
#include "plugins/runtime.h"
#include "schedule/executor.h"
#include "schedule/placement.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"

namespace wick {
namespace {

constexpr std::uint32_t kDefaultContext = 4096;
constexpr std::uint64_t kLogitsBytes =
    8u << 20;  // of one batch: rows of a large vocabulary are half a mebibyte each

std::uint32_t context_of(const ModelFacts& facts, const ModelOptions& options) {
  if (options.context == 0)
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(facts.context_length, kDefaultContext));
  return options.context;
}

std::uint32_t max_outputs_of(const ModelFacts& facts, const ModelOptions& options) {
  const std::uint64_t rows = kLogitsBytes / (facts.vocab_size * sizeof(float));
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(rows, 1, options.max_tokens));
}

/// What the whole model asks of one device; owns what the request points to.
class WholeModel {
 public:
  WholeModel(const BoundModel& model, const ModelOptions& options) {
    descs_.reserve(model.weights().size());
    for (const WeightSource& source : model.weights()) {
      descs_.push_back(source.desc());
      uses_.push_back({source.value, 0, &descs_.back()});
    }
    request_.flags = options.precise ? WICK_COMPILE_PRECISE : 0;
    request_.graph = to_abi(model.graph());
    request_.weights = uses_.data();
    request_.n_weights = static_cast<std::uint32_t>(uses_.size());
    request_.max_tokens = options.max_tokens;
    request_.max_outputs = max_outputs_of(model.facts(), options);
    const std::uint64_t blocks =
        (context_of(model.facts(), options) + std::uint64_t{WICK_BLOCK_TOKENS} - 1) /
        WICK_BLOCK_TOKENS;
    request_.n_blocks = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(blocks * options.n_sequences, UINT32_MAX - 1));
  }
  const wick_segment_request& request() const noexcept { return request_; }

 private:
  std::vector<wick_weight_desc> descs_;
  std::vector<wick_weight_use> uses_;
  wick_segment_request request_ = sdk::make<wick_segment_request>();
};

PlanReport report_of(const BoundModel& model, const ModelOptions& options,
                     const Placement& placement) {
  PlanReport report;
  report.model = model.facts().name;
  report.architecture = model.facts().architecture;
  report.context = context_of(model.facts(), options);
  report.n_sequences = options.n_sequences;
  report.precise = options.precise;
  report.lines.push_back(placement.line);
  report.notes = placement.notes;
  return report;
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
  parts->tokenizer = make_tokenizer(*parts->bound);
  const Placement placement =
      place(runtime.registry(), options.backends, WholeModel(*parts->bound, options).request());
  parts->plan = report_of(*parts->bound, options, placement);
  parts->context = parts->plan.context;
  auto weights = load_weights(*parts->bound, placement.device, runtime.pool(), [&](double done) {
    if (options.progress) options.progress("packing weights", done);
  });
  std::vector<std::uint32_t> values;
  for (const WeightSource& source : parts->bound->weights()) values.push_back(source.value);
  const ExecutorOptions executor{options.max_tokens, max_outputs_of(parts->bound->facts(), options),
                                 options.precise};
  parts->executor = std::make_unique<Executor>(placement.device, parts->bound->graph(),
                                               std::move(weights), values, executor);
  return std::unique_ptr<Model>(new Model(std::move(parts)));
}

const Tokenizer& Model::tokenizer() const noexcept {
  return *parts_->tokenizer;
}
const ModelFacts& Model::facts() const noexcept {
  return parts_->bound->facts();
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

TokenCost Model::token_cost() const {
  const std::vector<std::uint64_t> bytes = parts_->executor->weight_bytes();
  const std::vector<WeightSource>& sources = parts_->bound->weights();
  std::vector<CostedWeight> weights;
  for (std::size_t i = 0; i < sources.size(); ++i)
    weights.push_back({sources[i].value, number_kind(sources[i].desc()), bytes[i]});
  TokenCost cost = product_cost(parts_->bound->graph(), weights);
  add_state_cost(cost, parts_->executor->device(), parts_->bound->graph(), parts_->plan.precise);
  return cost;
}

PlanReport plan_model(Runtime& runtime, const ModelOptions& options) {
  check_options(options);
  const auto bound = BoundModel::open(runtime.registry(), options.path);
  return report_of(
      *bound, options,
      place(runtime.registry(), options.backends, WholeModel(*bound, options).request()));
}

}  // namespace wick
