// See registry_layouts.h.
#include "model/registry_layouts.h"

#include <wick/abi/format.h>
#include <wick/error.h>
#include <wick/sdk/guard.h>

#include "plugins/registry.h"

namespace wick {

std::optional<TypeLayout> RegistryLayouts::find(std::uint32_t type_id) const {
  try {
    const Provider provider = registry_.format_for_type(type_id);
    const wick_format_v1* format = format_table(provider);
    return TypeLayout{std::string(sdk::to_view(format->name)), format->block_values,
                      format->block_bytes};
  } catch (const Error&) {
    return std::nullopt;  // the sentence comes when the tensor is needed
  }
}

}  // namespace wick
