// See model_parts.h. Layer numbers come from a plugin: they are counted, never used as an index.
#include "schedule/model_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace wick {
namespace {

/// Layers by number, as parts: 1 is the first that appears.
std::map<std::int32_t, std::uint32_t> number_layers(const Graph& graph) {
  std::map<std::int32_t, std::uint32_t> parts;
  for (const Node& node : graph.nodes)
    if (node.layer >= 0)
      parts.try_emplace(node.layer, static_cast<std::uint32_t>(parts.size()) + 1);
  return parts;
}

bool uses_weight(const Graph& graph, const Node& node) {
  return std::any_of(node.inputs.begin(), node.inputs.end(), [&](std::uint32_t input) {
    return input != WICK_NONE && graph.values[input].kind == WICK_VALUE_WEIGHT;
  });
}

/// The latest part that makes what the node reads.
std::uint32_t latest_input(const std::vector<std::uint32_t>& made_in, const Node& node) {
  std::uint32_t latest = 0;
  for (const std::uint32_t input : node.inputs)
    if (input != WICK_NONE) latest = std::max(latest, made_in[input]);
  return latest;
}

}  // namespace

ModelParts find_parts(const Graph& graph) {
  const std::map<std::int32_t, std::uint32_t> layers = number_layers(graph);
  ModelParts parts;
  parts.n_layers = static_cast<std::uint32_t>(layers.size());
  std::size_t n_left = 0;  // nodes of layers that are still to come
  for (const Node& node : graph.nodes) n_left += node.layer >= 0 ? 1 : 0;
  std::vector<std::uint32_t> made_in(graph.values.size(), 0);
  for (const Node& node : graph.nodes) {
    std::uint32_t part = latest_input(made_in, node);
    if (node.layer >= 0) {
      part = std::max(part, layers.at(node.layer));
      --n_left;
    } else if (n_left == 0 && !layers.empty() && uses_weight(graph, node)) {
      part = parts.output();
    }
    made_in[node.output] = part;
    parts.of_node.push_back(part);
  }
  return parts;
}

std::string describe_parts(const ModelParts& parts, std::uint32_t first, std::uint32_t last) {
  if (first == parts.embedding() && last == parts.output()) return "whole model";
  std::string text = first == parts.embedding() ? "embedding" : "";
  const std::uint32_t low = std::max(first, 1u), high = std::min(last, parts.n_layers);
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (low == high) add(fmt::format("layer {}", low - 1));
  if (low < high) add(fmt::format("layers {}-{}", low - 1, high - 1));
  if (last == parts.output()) add("output");
  return text;
}

}  // namespace wick
