// Checks in the order in which fields may be trusted: magic, size, versions, names.
#include "plugins/header_check.h"

#include "plugins/plugin_state.h"

#include <string>

namespace wick {
namespace {

// What ABI 1.0 had: a header may be longer, never shorter.
constexpr std::size_t kHeaderBytes = offsetof(wick_plugin_header, shutdown) + sizeof(void*);

void check_versions(std::uint32_t abi_major, std::uint32_t host_minor_min) {
  if (abi_major != WICK_ABI_MAJOR)
    refuse_plugin(PluginState::kAbiMismatch, "was built for ABI ", abi_major, ", this is ",
                  WICK_ABI_MAJOR, ".", WICK_ABI_MINOR);
  if (host_minor_min > WICK_ABI_MINOR)
    refuse_plugin(PluginState::kAbiMismatch, "needs host ABI ", WICK_ABI_MAJOR, ".", host_minor_min,
                  ", this is ", WICK_ABI_MAJOR, ".", WICK_ABI_MINOR);
}

void check_same(const char* what, const std::string& promised, const char* found) {
  if (promised != found)
    refuse_plugin(PluginState::kAbiMismatch, "its manifest says ", what, " ", promised,
                  ", its library ", found);
}

}  // namespace

void check_manifest_abi(const Manifest& manifest) {
  check_versions(manifest.abi_major, manifest.host_minor_min);
}

void check_header(const wick_plugin_header& header, const Manifest* manifest) {
  if (header.magic != WICK_PLUGIN_MAGIC)
    refuse_plugin(PluginState::kAbiMismatch,
                  "is no Wick plugin: its header lacks the magic number");
  if (header.struct_size < kHeaderBytes)
    refuse_plugin(PluginState::kAbiMismatch, "its header has ", header.struct_size,
                  " bytes, need at least ", kHeaderBytes);
  check_versions(header.abi_major, header.host_minor_min);
  if (!header.id || !*header.id || !header.version || !header.init)
    refuse_plugin(PluginState::kAbiMismatch, "its header lacks id, version or init");
  if (!manifest) return;
  check_same("id", manifest->id, header.id);
  check_same("version", manifest->version, header.version);
}

}  // namespace wick
