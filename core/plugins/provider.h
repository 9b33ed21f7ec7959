// Something that a plugin offers, checked when it was registered. Valid as long as its Registry.
#pragma once

#include <string>

struct wick_backend_v1;
struct wick_arch_v1;
struct wick_format_v1;

namespace wick {

struct Provider {
  std::string kind;    ///< "backend", "arch", "quant"
  std::string id;      ///< "cpu"
  std::string plugin;  ///< the id of the plugin
  const void* vtable = nullptr;
  void* self = nullptr;  ///< first argument of the vtable's functions
};

/// The vtable, whose size and required functions were checked; WICK_CAN for the rest of it. A
/// provider of another kind is kBadArgument.
const wick_backend_v1* backend_table(const Provider& provider);
const wick_arch_v1* arch_table(const Provider& provider);
const wick_format_v1* format_table(const Provider& provider);

}  // namespace wick
