// Plugins and devices, as rows for a callback.
#include <wick/error.h>

#include "api/handles.h"
#include "api/structs.h"
#include "plugins/plugin_state.h"
#include "plugins/registry.h"
#include "schedule/device.h"

namespace wick::api {
namespace {

void show(const PluginRow& from, void (*row)(void*, const wick_plugin_row*), void* context) {
  const std::string state(state_name(from.state));
  wick_plugin_row to{};
  to.struct_size = sizeof to;
  to.kind = from.kind.c_str();
  to.id = from.id.c_str();
  to.plugin = from.plugin.c_str();
  to.version = from.version.c_str();
  to.state = state.c_str();
  to.sentence = from.sentence.c_str();
  to.hint = from.hint.c_str();
  to.path = from.path.c_str();
  row(context, &to);
}

void show(const Device& device, std::size_t n_devices, void (*row)(void*, const wick_device_row*),
          void* context) {
  const DeviceFacts facts = device.facts();
  std::string entry = device.backend();
  if (n_devices > 1) entry += ":" + std::to_string(device.index());
  wick_device_row to{};
  to.struct_size = sizeof to;
  to.shares_host_memory = facts.shares_host_memory ? 1 : 0;
  to.backend = device.backend().c_str();
  to.entry = entry.c_str();
  to.name = facts.name.c_str();
  to.description = facts.description.c_str();
  to.memory_total = facts.memory_total;
  to.memory_free = facts.memory_free;
  row(context, &to);
}

}  // namespace
}  // namespace wick::api

using namespace wick::api;

wick_status wick_engine_list_plugins(wick_engine* engine,
                                     void (*row)(void* context, const wick_plugin_row* row),
                                     void* context, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_engine_list_plugins";
    wick::Registry& registry = need(engine, kFunction, "engine").runtime->registry();
    need(row, kFunction, "callback");
    for (const wick::PluginRow& from : registry.check_all()) show(from, row, context);
  });
}

wick_status wick_engine_list_devices(wick_engine* engine,
                                     void (*row)(void* context, const wick_device_row* row),
                                     void* context, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_engine_list_devices";
    wick::Registry& registry = need(engine, kFunction, "engine").runtime->registry();
    need(row, kFunction, "callback");
    for (const wick::Offer& offer : registry.offers("backend")) {
      if (!registry.has("backend", offer.id)) continue;
      const auto devices = wick::Device::all(registry.find("backend", offer.id));
      for (const wick::Device& device : devices) show(device, devices.size(), row, context);
    }
  });
}
