// A model of a few nodes, and devices that answer what a plan asks and nothing else. Not for
// running.
#pragma once

#include <wick/abi/backend.h>
#include <wick/sdk/guard.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "schedule/device_list.h"
#include "schedule/model_demand.h"

namespace wick {

/// Embedding, layers of a product, a sum and keys and values each, select_rows, output. A layer's
/// matrix has 100 values, the table and the output 1000 each.
class SmallModel {
 public:
  explicit SmallModel(std::uint32_t n_layers, bool tied = false) {
    const std::uint32_t factors = weight("factors", {10});
    const std::uint32_t table = weight("table", {100, 10});
    std::uint32_t x = node("embed@1", -1, {table});
    for (std::uint32_t i = 0; i < n_layers; ++i) {
      const auto layer = static_cast<std::int32_t>(i);
      const std::uint32_t w = weight("w" + std::to_string(i), {10, 10});
      graph.states.push_back({"kv", layer, 1, 1, 1});
      const std::uint32_t q = node("matmul@1", layer, {x, w, WICK_NONE});
      const std::uint32_t turned = node("rope@1", layer, {q, factors});
      const std::uint32_t y = node("attention@1", layer, {turned, turned, turned});
      graph.nodes.back().state = i;
      x = node("add@1", layer, {x, y});
    }
    const std::uint32_t rows = node("select_rows@1", -1, {x});
    graph.values[rows].dims[0] = WICK_DIM_OUTPUTS;
    const std::uint32_t out = tied ? table : weight("output", {100, 10});
    const std::uint32_t logits = node("matmul@1", -1, {rows, out, WICK_NONE});
    graph.values[logits].dims = {WICK_DIM_OUTPUTS, 100};
    graph.values[logits].name = "logits";
    graph.values[logits].is_output = true;
  }
  SmallModel(const SmallModel&) = delete;
  SmallModel& operator=(const SmallModel&) = delete;

  ModelDemand demand() const {
    ModelDemand demand;
    demand.graph = &graph;
    demand.parts = find_parts(graph);
    demand.max_tokens = demand.max_outputs = demand.n_blocks = 1;
    for (std::uint32_t i = 0; i < graph.values.size(); ++i) {
      const Value& value = graph.values[i];
      if (value.kind != WICK_VALUE_WEIGHT) continue;
      auto desc = sdk::make<wick_weight_desc>();
      desc.name = sdk::to_str(value.name);
      desc.n_rows = value.dims.size() > 1 ? static_cast<std::uint64_t>(value.dims[0]) : 1;
      desc.n_cols = static_cast<std::uint64_t>(value.dims.back());
      desc.use = value.dims.size() > 1 ? WICK_USE_MATMUL : WICK_USE_VECTOR;
      demand.weights[i] = desc;
    }
    return demand;
  }

  Graph graph;

 private:
  std::uint32_t weight(const std::string& name, std::vector<std::int64_t> dims) {
    graph.values.push_back({WICK_VALUE_WEIGHT, name, std::move(dims), false});
    return static_cast<std::uint32_t>(graph.values.size() - 1);
  }
  std::uint32_t node(const char* op, std::int32_t layer, std::vector<std::uint32_t> inputs) {
    graph.values.push_back({WICK_VALUE_ACTIVATION, "", {WICK_DIM_TOKENS, 10}, false});
    Node made;
    made.op = op;
    made.layer = layer;
    made.inputs = std::move(inputs);
    made.output = static_cast<std::uint32_t>(graph.values.size() - 1);
    graph.nodes.push_back(std::move(made));
    return graph.nodes.back().output;
  }
};

/// A value of a matrix takes so many bytes: large, as borders between devices count too.
inline constexpr std::uint64_t kUnit = 1 << 20;

/// Holds matrices of a unit a value, 10 units of state a layer, no activations; what crosses its
/// borders stays in the host's memory.
inline const wick_backend_v1& counting_backend() {
  static const wick_backend_v1 table = [] {
    auto made = sdk::make<wick_backend_v1>();
    made.estimate = +[](void*, std::uint32_t, const wick_segment_request* request,
                        wick_bytes* bytes, wick_error*) noexcept -> wick_code {
      for (std::uint32_t i = 0; i < request->n_weights; ++i)
        if (request->weights[i].desc->n_rows > 1)
          bytes->weights +=
              request->weights[i].desc->n_rows * request->weights[i].desc->n_cols * kUnit;
      bytes->state = from_abi(request->graph).states.size() * 10 * kUnit;
      return WICK_OK;
    };
    made.buffer_import = +[](void*, std::uint32_t, void*, std::uint64_t, wick_buffer**,
                             wick_error*) noexcept -> wick_code { return WICK_OK; };
    made.supports = +[](void*, std::uint32_t, wick_str, const wick_storage_class*, std::uint32_t,
                        std::uint32_t* support, wick_error*) noexcept -> wick_code {
      *support = WICK_SUPPORT_NATIVE;
      return WICK_OK;
    };
    return made;
  }();
  return table;
}

/// Devices "d0", "d1".. with so many units that a plan may use, WICK_UNKNOWN for any number; each
/// has a memory of its own.
inline std::vector<ListedDevice> counting_devices(const std::vector<std::uint64_t>& limits) {
  std::vector<ListedDevice> devices;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const std::string name = "d" + std::to_string(i);
    const Provider provider{"backend", name, "test", &counting_backend(), nullptr};
    DeviceFacts facts;
    facts.name = name;
    facts.shares_host_memory = true;  // borders take no memory of theirs
    devices.push_back({Device(provider, static_cast<std::uint32_t>(i)), facts, name, name, name,
                       limits[i] == WICK_UNKNOWN ? WICK_UNKNOWN : limits[i] * kUnit});
  }
  return devices;
}

}  // namespace wick
