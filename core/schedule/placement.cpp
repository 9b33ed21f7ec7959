// See placement.h. This version puts a whole model on one device; the first name that --backend
// gives.
#include "schedule/placement.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <algorithm>
#include <charconv>

#include "graph/graph.h"
#include "plugins/registry.h"

namespace wick {
namespace {

std::string mib(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

struct Name {
  std::string backend, device;  // device: an index, part of a name, or empty
};

Name parse_name(const std::string& text) {
  const std::size_t colon = text.find(':');
  Name name{text.substr(0, colon), colon == std::string::npos ? "" : text.substr(colon + 1)};
  if (name.backend.empty() || (colon != std::string::npos && name.device.empty()))
    fail(ErrorCode::kUsage, "--backend: '", text, "' is no backend, need NAME or NAME:DEVICE");
  return name;
}

Device pick_device(const Provider& provider, const Name& name) {
  const std::vector<Device> devices = Device::all(provider);
  if (devices.empty())
    fail(ErrorCode::kUnavailable, "backend ", name.backend,
         ": it found no device; see `wick plugins`");
  if (name.device.empty()) return devices.front();
  std::uint32_t index = 0;
  const char* end = name.device.data() + name.device.size();
  const auto parsed = std::from_chars(name.device.data(), end, index);
  if (parsed.ec == std::errc() && parsed.ptr == end && index < devices.size())
    return devices[index];
  for (const Device& device : devices) {
    const DeviceFacts facts = device.facts();
    if (facts.id == name.device || facts.name.find(name.device) != std::string::npos) return device;
  }
  fail(ErrorCode::kUnavailable, "backend ", name.backend, ": it has no device '", name.device,
       "', it has ", devices.size(), "; `wick plugins` lists them");
}

/// Refuses a device that cannot run an op of the graph with the weights that it has there.
void check_ops(const Device& device, const wick_segment_request& request) {
  const Graph& graph = from_abi(request.graph);
  for (const Node& node : graph.nodes) {
    const wick_weight_desc* weight = nullptr;
    for (std::uint32_t i = 0; i < request.n_weights; ++i)
      if (std::find(node.inputs.begin(), node.inputs.end(), request.weights[i].value) !=
          node.inputs.end())
        weight = request.weights[i].desc;
    std::uint32_t support = WICK_SUPPORT_NONE;
    device.call(device.table().supports, device.index(), sdk::to_str(node.op),
                weight ? weight->storage : nullptr, weight ? weight->plain_type : WICK_TYPE_F32,
                &support);
    if (support == WICK_SUPPORT_NONE)
      fail(ErrorCode::kUnavailable, "backend ", device.backend(), ": it cannot run ", node.op,
           weight ? " with the type of " : "",
           weight ? std::string(sdk::to_view(weight->name)) : "", "; choose another backend");
  }
}

PlanLine line_for(const Device& device, const wick_segment_request& request) {
  check_ops(device, request);
  const DeviceFacts facts = device.facts();
  const wick_bytes bytes = device.estimate(request);
  PlanLine line;
  line.part = "whole model";
  line.backend = device.backend();
  line.device = facts.name;
  line.memory_free = facts.memory_free;
  line.bytes = {bytes.weights, bytes.state, bytes.activations, bytes.staging};
  if (facts.memory_free != WICK_UNKNOWN && line.bytes.total() > facts.memory_free)
    fail(ErrorCode::kOutOfMemory, "backend ", device.backend(), ": the model does not fit on ",
         facts.name, ", got ", mib(facts.memory_free), " free, need ", mib(line.bytes.total()),
         " of which state takes ", mib(line.bytes.state),
         "; use a smaller --ctx or a smaller model");
  return line;
}

Placement place_on(Registry& registry, const Name& name, const wick_segment_request& request,
                   std::string reason) {
  const Device device = pick_device(registry.find("backend", name.backend), name);
  Placement placement{device, line_for(device, request), {}};
  placement.line.reason = std::move(reason);
  return placement;
}

Placement place_automatically(Registry& registry, const wick_segment_request& request) {
  std::vector<std::string> notes;
  for (const Offer& offer : registry.offers("backend")) {
    try {
      Placement placement = place_on(registry, {offer.id, ""}, request,
                                     "highest rank of the backends that can run it");
      placement.notes = std::move(notes);
      return placement;
    } catch (const Error& e) {
      notes.push_back(offer.id + ": " + e.what());
    }
  }
  std::string why;
  for (const std::string& note : notes) why += "; " + note;
  fail(ErrorCode::kUnavailable, "no backend can run this model",
       why.empty() ? "; none is installed, see `wick plugins`" : why);
}

}  // namespace

Placement place(Registry& registry, const std::vector<std::string>& backends,
                const wick_segment_request& request) {
  if (backends.empty()) return place_automatically(registry, request);
  // Every backend that was named must be there, or the user would believe that it is used.
  for (std::size_t i = 1; i < backends.size(); ++i) {
    const Name name = parse_name(backends[i]);
    pick_device(registry.find("backend", name.backend), name);
  }
  return place_on(registry, parse_name(backends.front()), request,
                  "first of --backend, and all layers fit");
}

}  // namespace wick
