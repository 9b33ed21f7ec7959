// The kit's reference as a backend "idle" that does wrong in run(), as the option "test.fault"
// says; "test.marker" is a file that gets a line from every process in which it is initialised.
#include "reference_backend.h"

#include <wick/sdk/backend.h>
#include <wick/sdk/plugin.h>

#include <unistd.h>

#include <fstream>
#include <map>

namespace {

using wick::tests::Fault;

std::string fault;
const wick_backend_v1* sound = nullptr;

wick_code run(void* self, wick_plan* plan, const wick_bindings* bindings, wick_fence** fence,
              wick_error* error) noexcept {
  const wick_code failed = wick::sdk::guard(error, [] {
    if (fault == "crash") __builtin_trap();
    while (fault == "hang") ::pause();
    if (fault == "fail") wick::fail(wick::ErrorCode::kDeviceLost, "the device is lost");
    if (fault == "memory") wick::fail(wick::ErrorCode::kOutOfMemory, "the device is full");
  });
  return failed == WICK_OK ? sound->run(self, plan, bindings, fence, error) : failed;
}

Fault fault_named(const std::string& name) {
  static const std::map<std::string, Fault> faults = {{"product", Fault::kLastColumnLost},
                                                      {"scores", Fault::kScoresUnscaled},
                                                      {"copy", Fault::kCopyForgotten},
                                                      {"write", Fault::kWriteForgotten}};
  const auto found = faults.find(name);
  return found == faults.end() ? Fault::kNone : found->second;
}

void start(const wick::sdk::Host& host) {
  fault = host.option("test.fault").value_or("");
  if (const auto marker = host.option("test.marker"))
    std::ofstream(*marker, std::ios::app) << ::getpid() << "\n";
  auto backend = wick::tests::make_reference_backend(host.api()->graph, fault_named(fault));
  static wick_backend_v1 table;
  sound = wick::sdk::detail::backend_table(backend->can_import(), backend->can_measure_limits());
  table = *sound;
  table.run = &run;
  auto provider = wick::sdk::make<wick_provider>();
  provider.kind = wick::sdk::to_str("backend");
  provider.id = wick::sdk::to_str("idle");
  provider.vtable = &table;
  provider.self = backend.get();
  provider.destroy = +[](void* self) noexcept { delete static_cast<wick::sdk::Backend*>(self); };
  host.register_provider(provider);
  backend.release();
}

}  // namespace

WICK_DEFINE_PLUGIN("org.test.plugin", "1.0.0", [](const wick::sdk::Host& host) { start(host); })
