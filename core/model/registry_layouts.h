// What the installed format plugins say of tensor types, for opening a file. Not their decoding.
#pragma once

#include "files/tensor_types.h"

namespace wick {

class Registry;

/// Loads the plugin behind a type id when a file has one. The Registry must outlive it.
class RegistryLayouts : public TypeLayouts {
 public:
  explicit RegistryLayouts(Registry& registry) : registry_(registry) {}
  /// Nothing where no plugin provides the id, or its plugin cannot be loaded.
  std::optional<TypeLayout> find(std::uint32_t type_id) const override;

 private:
  Registry& registry_;
};

}  // namespace wick
