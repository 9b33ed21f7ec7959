// Defines a plugin: the one exported symbol. A plugin.cpp holds this and nothing else:
//
//   WICK_DEFINE_PLUGIN("com.example.formats", "1.4.0", [](const wick::sdk::Host& host) {
//     wick::sdk::register_format<MyFormat>(host);
//   })
#pragma once

#include <wick/sdk/host.h>

namespace wick {
inline namespace v1 {
namespace sdk {

using RegisterFunction = void (*)(const Host&);

/// init of a plugin without state of its own.
template <class Register>
wick_code init_with(const wick_host_api* host, void** plugin, wick_error* error,
                    Register body) noexcept {
  return guard(error, [&] {
    if (plugin) *plugin = nullptr;
    body(Host(host));
  });
}

}  // namespace sdk
}  // namespace v1
}  // namespace wick

#define WICK_DEFINE_PLUGIN(plugin_id, plugin_version, ...)                              \
  static wick_code wick_plugin_init(const wick_host_api* wick_api, void** wick_context, \
                                    wick_error* wick_failure) noexcept {                \
    return ::wick::sdk::init_with(wick_api, wick_context, wick_failure, __VA_ARGS__);   \
  }                                                                                     \
  extern "C" WICK_EXPORT const wick_plugin_header wick_plugin_v1;                       \
  const wick_plugin_header wick_plugin_v1 = {WICK_PLUGIN_MAGIC,                         \
                                             sizeof(wick_plugin_header),                \
                                             WICK_ABI_MAJOR,                            \
                                             WICK_ABI_MINOR,                            \
                                             WICK_SDK_TARGET_MINOR,                     \
                                             0,                                         \
                                             plugin_id,                                 \
                                             plugin_version,                            \
                                             __VERSION__,                               \
                                             wick_plugin_init,                          \
                                             nullptr};
