// Words for what the host passes.
#include "describe.h"

#include <utility>
#include <vector>

namespace trace {
namespace {

std::string count(std::uint64_t n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

const char* scale_name(std::uint32_t type) {
  return type == WICK_SCALE_F16 ? "f16" : type == WICK_SCALE_F32 ? "f32" : "e8m0";
}

std::string uses(std::uint32_t use) {
  std::string words;
  for (const auto& [bit, name] :
       {std::pair(WICK_USE_MATMUL, "matmul"), std::pair(WICK_USE_EMBED, "embed"),
        std::pair(WICK_USE_VECTOR, "vector")})
    if (use & bit) words += (words.empty() ? "" : " and ") + std::string(name);
  return words;
}

}  // namespace

std::string describe(const wick_storage_class* storage, std::uint32_t plain_type) {
  if (!storage)
    return plain_type == WICK_TYPE_F32 ? "F32" : plain_type == WICK_TYPE_F16 ? "F16" : "BF16";
  std::string words = storage->table ? "table u" : "affine u";
  words += std::to_string(storage->code_bits) + ", groups of ";
  words += std::to_string(storage->group_values) + ", " + scale_name(storage->scale_type);
  words += storage->has_min ? " scales and mins" : " scales";
  if (storage->sub_scale_bits)
    words += " for " + std::to_string(storage->super_values) + " and sub scales of " +
             count(storage->sub_scale_bits, "bit");
  return words;
}

std::string describe(const wick_weight_desc& desc) {
  return std::string(wick::sdk::to_view(desc.name)) + " [" + std::to_string(desc.n_rows) + ", " +
         std::to_string(desc.n_cols) + "] " + describe(desc.storage, desc.plain_type) + ", for " +
         uses(desc.use);
}

std::string describe(const wick_batch& batch) {
  std::string words = count(batch.n_tokens, "token") + ", " + count(batch.n_outputs, "logits row");
  for (std::uint32_t i = 0; i < batch.n_runs; ++i)
    words += (i == 0 ? ": sequence " : ", sequence ") + std::to_string(batch.runs[i].sequence) +
             " from " + std::to_string(batch.runs[i].first_position);
  return words;
}

std::string describe_ops(const wick::sdk::GraphView& graph) {
  std::vector<std::pair<std::string, std::uint64_t>> ops;
  for (const wick::sdk::GraphNode& node : graph.nodes()) {
    std::size_t i = 0;
    while (i < ops.size() && ops[i].first != node.op) ++i;
    if (i == ops.size()) ops.emplace_back(node.op, 0);
    ++ops[i].second;
  }
  std::string words = count(graph.nodes().size(), "node");
  for (const auto& [op, n] : ops)
    words += (&op == &ops.front().first ? ": " : ", ") + std::to_string(n) + " " + op;
  return words;
}

}  // namespace trace
