// Tells a function of the test when its provider is destroyed and when it is shut down. The option
// "test.trace" is that function's address.
#include "test_format.h"

#include <wick/sdk/plugin.h>

#include <cstdlib>

namespace {

using Trace = void (*)(const char*);

Trace trace_of(const wick::sdk::Host& host) {
  const auto text = host.option("test.trace").value_or("0");
  return reinterpret_cast<Trace>(std::strtoull(text.c_str(), nullptr, 10));
}

class TracedFormat : public wick_test::BytesFormat {
 public:
  explicit TracedFormat(Trace trace) : BytesFormat(TRACED_FORMAT, WICK_NONE), trace_(trace) {}
  ~TracedFormat() override { trace_("destroy " TRACED_FORMAT); }

 private:
  Trace trace_;
};

wick_code traced_init(const wick_host_api* api, void** plugin, wick_error* error) noexcept {
  return wick::sdk::guard(error, [&] {
    const wick::sdk::Host host(api);
    const Trace trace = trace_of(host);
    *plugin = reinterpret_cast<void*>(trace);
    wick::sdk::register_format(host, std::make_unique<TracedFormat>(trace));
  });
}

void traced_shutdown(void* plugin) noexcept {
  reinterpret_cast<Trace>(plugin)("shutdown " TRACED_ID);
}

}  // namespace

extern "C" WICK_EXPORT const wick_plugin_header wick_plugin_v1;
const wick_plugin_header wick_plugin_v1 = {WICK_PLUGIN_MAGIC,
                                           sizeof(wick_plugin_header),
                                           WICK_ABI_MAJOR,
                                           WICK_ABI_MINOR,
                                           0,
                                           0,
                                           TRACED_ID,
                                           "1.0.0",
                                           "test",
                                           traced_init,
                                           traced_shutdown};
