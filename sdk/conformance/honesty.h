// Does a backend keep its word: bytes that it estimates against bytes that it allocates, refusals
// instead of wrong results.
#pragma once

#include "conformance/small_model.h"

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace wick::conformance {

/// Empty where the estimate of weights is within 3 % of weight_bytes, the one of state is enough
/// for what state_read returns, and neither is unknown.
inline std::string check_estimate(const Device& device, const StorageEntry& storage, bool precise) {
  const SmallModel model(storage, 16, 64);
  const Setup& setup = model.setup();
  const sdk::GraphView view(graph_api(), setup.graph.handle());
  std::vector<wick_weight_desc> descs;
  std::vector<wick_weight_use> uses;
  descs.reserve(setup.weights.size());
  for (const auto& [value, data] : setup.weights) {
    descs.push_back(Device::describe(view.values()[value].name, data));
    uses.push_back({value, 0, &descs.back()});
  }
  auto request = sdk::make<wick_segment_request>();
  request.flags = precise ? WICK_COMPILE_PRECISE : 0;
  request.graph = setup.graph.handle();
  request.weights = uses.data();
  request.n_weights = static_cast<std::uint32_t>(uses.size());
  request.max_tokens = request.max_outputs = setup.max_tokens;
  request.n_blocks = setup.n_blocks;
  const wick_bytes bytes = device.estimate(request);

  const Session session(device, setup, precise);
  const double estimated = static_cast<double>(bytes.weights);
  const double real = static_cast<double>(session.weight_bytes());
  const double state = static_cast<double>(device.block_bytes(session.state())) * setup.n_blocks;
  std::ostringstream text;
  if (estimated < real * 0.97 || estimated > real * 1.03)
    text << "weights: estimated " << bytes.weights << " bytes, allocated "
         << session.weight_bytes();
  else if (static_cast<double>(bytes.state) < state * 0.97 || bytes.state == WICK_UNKNOWN)
    text << "state: estimated " << bytes.state << " bytes, its blocks hold " << state;
  return text.str();
}

/// Empty where an op that nobody knows is not supported and not compiled.
inline std::string check_unknown_op(const Device& device) {
  const std::string op = "no.such.op@1";
  if (device.supports(op, nullptr, WICK_TYPE_F32) != WICK_SUPPORT_NONE)
    return "the backend says that it supports " + op;
  Random random(0);
  Draft draft(batch_shapes()[0], InputClass::kNormal, random);
  const std::uint32_t out = draft.graph().node({op, {draft.input("x", 8)}, 8});
  const Experiment experiment = draft.finish(out);
  try {
    const Session session(device, experiment.setup, true);
  } catch (const Error&) {
    return "";
  }
  return "a graph with " + op + " was compiled";
}

/// Empty where a weight is refused whose rows are no whole number of super groups.
inline std::string check_ragged_weight(const Device& device, const StorageEntry& storage) {
  Random random(0);
  WeightData data = random_weight(storage.storage, 4, storage.super_values(), random);
  data.n_cols += storage.storage.super_values / 2;
  try {
    device.weight("ragged", data.part(0, 0, 0, data.n_cols));
  } catch (const Error&) {
    return "";
  }
  return "a weight with " + std::to_string(data.n_cols) + " columns was accepted, with " +
         std::to_string(storage.super_values()) + " values in a super group";
}

/// Empty where the limits that a device measures are rates, or unknown, and it says by what. A
/// device that measures none is as good.
inline std::string check_limits(const Device& device) {
  if (!device.measures_limits()) return "";
  const wick_device_limits limits = device.limits(1);
  constexpr std::uint64_t kLeast = 1'000'000, kMost = 10'000'000'000'000'000;
  const std::pair<const char*, std::uint64_t> rates[] = {{"read_bytes", limits.read_bytes},
                                                         {"int8_macs", limits.int8_macs},
                                                         {"f16_macs", limits.f16_macs},
                                                         {"bf16_macs", limits.bf16_macs},
                                                         {"f32_macs", limits.f32_macs}};
  for (const auto& [name, rate] : rates)
    if (rate != WICK_UNKNOWN && (rate < kLeast || rate > kMost))
      return std::string(name) + ": " + std::to_string(rate) + " a second is no device's rate";
  return sdk::to_view(limits.description).empty() ? "no description of what was measured" : "";
}

}  // namespace wick::conformance
