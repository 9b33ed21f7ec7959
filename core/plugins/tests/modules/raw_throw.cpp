// Lets an exception out of init(), as a plugin that was not made with the SDK may.
#include <wick/abi/host.h>

#include <stdexcept>

namespace {

wick_code throwing_init(const wick_host_api*, void**, wick_error*) {
  throw std::runtime_error("the sky is falling");
}

}  // namespace

extern "C" WICK_EXPORT const wick_plugin_header wick_plugin_v1;
const wick_plugin_header wick_plugin_v1 = {
    WICK_PLUGIN_MAGIC,
    sizeof(wick_plugin_header),
    WICK_ABI_MAJOR,
    WICK_ABI_MINOR,
    0,
    0,
    "org.test.plugin",
    "1.0.0",
    "test",
    reinterpret_cast<wick_code (*)(const wick_host_api*, void**, wick_error*) noexcept>(
        &throwing_init),
    nullptr};
