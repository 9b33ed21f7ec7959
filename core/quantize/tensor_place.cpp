// See tensor_place.h.
#include "quantize/tensor_place.h"

#include <vector>

#include "graph/op_list.h"

namespace wick {
namespace {

/// Ops that a matrix's result passes on its way to the sum of a layer, or to the logits.
bool passes_on(const Node& node) {
  return node.op == "combine@1" || node.op == "scale@1" || node.op == "softcap@1" ||
         node.op == "rms_norm@1" || node.op == "layer_norm@1";
}

class Finder {
 public:
  explicit Finder(const Graph& graph) : graph_(graph), readers_(graph.values.size()) {
    for (const Node& node : graph.nodes)
      for (const std::uint32_t input : node.inputs)
        if (input != WICK_NONE) readers_[input].push_back(&node);
  }

  ModelPlaces find() {
    for (const Node& node : graph_.nodes) {
      const OpRow& op = *find_op(node.op);  // the builder took no other
      if (op.matrix.input == WICK_NONE) continue;
      TensorPlace& place = places_.tensors[graph_.values[node.inputs[op.matrix.input]].name];
      if (op.matrix.use == WICK_USE_EMBED)
        place.is_embedding = true;
      else
        add_product(node, graph_.values[node.inputs[op.matrix.input]].name, place);
    }
    for (const auto& [layer, name] : last_writers_) places_.tensors[name].is_last_writer = true;
    places_.n_layers = static_cast<std::uint32_t>(layers_.size());
    return std::move(places_);
  }

 private:
  enum class End { kNone, kSum, kLogits };

  void add_product(const Node& node, const std::string& name, TensorPlace& place) {
    if (node.layer >= 0)
      place.layer =
          layers_.try_emplace(node.layer, static_cast<std::uint32_t>(layers_.size())).first->second;
    const End end = end_of(node.output);
    place.is_output = place.is_output || end == End::kLogits;
    if (end == End::kLogits) return;
    std::vector<std::string>& waiting = waiting_[node.layer];
    if (end != End::kSum) return waiting.push_back(name);
    place.is_writer = true;
    last_writers_[node.layer] = name;
    for (const std::string& reader : waiting) places_.tensors[reader].writer = name;
    waiting.clear();
  }

  /// Where the result of a product goes, other products aside.
  End end_of(std::uint32_t value) const {
    // Chains are short; a cycle cannot be, for values are made once.
    while (true) {
      if (graph_.values[value].is_output && graph_.values[value].name == "logits")
        return End::kLogits;
      const Node* next = nullptr;
      for (const Node* reader : readers_[value]) {
        if (reader->op == "add@1" && is_sum(*reader)) return End::kSum;
        if (passes_on(*reader) || reader->op == "add@1") next = reader;
      }
      if (!next) return End::kNone;
      value = next->output;
    }
  }
  bool is_sum(const Node& add) const {
    return graph_.values[add.inputs[0]].kind != WICK_VALUE_WEIGHT &&
           graph_.values[add.inputs[1]].kind != WICK_VALUE_WEIGHT;
  }

  const Graph& graph_;
  std::vector<std::vector<const Node*>> readers_;
  std::map<std::int32_t, std::uint32_t> layers_;              // in order of appearance
  std::map<std::int32_t, std::vector<std::string>> waiting_;  // for the writer of their layer
  std::map<std::int32_t, std::string> last_writers_;
  ModelPlaces places_;
};

}  // namespace

ModelPlaces find_places(const Graph& graph) {
  return Finder(graph).find();
}

}  // namespace wick
