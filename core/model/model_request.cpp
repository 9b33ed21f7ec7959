// See model_request.h.
#include "model/model_request.h"

#include <algorithm>

namespace wick {
namespace {

constexpr std::uint32_t kDefaultContext = 4096;
constexpr std::uint64_t kLogitsBytes =
    8u << 20;  // of one batch: rows of a large vocabulary are half a mebibyte each

// Where the inputs of products are observed, every token has an output, and each input a border of
// its own: batches are cut to what these bytes hold.
constexpr std::uint64_t kObservedLogitsBytes = 64u << 20, kObservedBytes = 256u << 20;

std::uint32_t max_outputs_of(const ModelFacts& facts, const ModelOptions& options,
                             std::uint32_t max_tokens) {
  const std::uint64_t bytes = options.observe_products ? kObservedLogitsBytes : kLogitsBytes;
  const std::uint64_t rows = bytes / (facts.vocab_size * sizeof(float));
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(rows, 1, max_tokens));
}

std::uint32_t max_tokens_of(const Graph& graph, const ModelOptions& options) {
  if (!options.observe_products) return options.max_tokens;
  std::uint64_t row_bytes = 1;
  for (const Value& value : graph.values)
    if (value.is_output && value.name != "logits")
      row_bytes += static_cast<std::uint64_t>(value.dims.back()) * sizeof(float);
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(kObservedBytes / row_bytes, 1, options.max_tokens));
}

}  // namespace

std::uint32_t context_of(const ModelFacts& facts, const ModelOptions& options) {
  if (options.context == 0)
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(facts.context_length, kDefaultContext));
  return options.context;
}

ModelDemand demand_of(const BoundModel& model, const ModelOptions& options) {
  ModelDemand demand;
  demand.graph = &model.graph();
  demand.parts = find_parts(model.graph());
  for (const WeightSource& source : model.weights()) demand.weights[source.value] = source.desc();
  demand.flags = options.precise ? WICK_COMPILE_PRECISE : 0;
  demand.max_tokens = max_tokens_of(model.graph(), options);
  demand.max_outputs = max_outputs_of(model.facts(), options, demand.max_tokens);
  const std::uint64_t blocks =
      (context_of(model.facts(), options) + std::uint64_t{WICK_BLOCK_TOKENS} - 1) /
      WICK_BLOCK_TOKENS;
  demand.n_blocks = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(blocks * options.n_sequences, UINT32_MAX - 1));
  return demand;
}

}  // namespace wick
