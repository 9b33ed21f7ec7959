// One row a kind: the size of its first version and the functions that it must fill.
#include "plugins/provider_check.h"

#include <wick/abi/arch.h>
#include <wick/abi/backend.h>
#include <wick/abi/format.h>
#include <wick/sdk/guard.h>

#include <cstring>
#include <string_view>
#include <vector>

namespace wick {
namespace {

struct Required {
  const char* name;
  std::size_t offset;
};

struct Kind {
  std::string_view name;
  std::size_t first_size;  ///< bytes of the vtable in ABI 1.0
  std::vector<Required> functions;
  void (*check_values)(const Provider&);  ///< null: nothing but functions
};

#define WICK_ROW(table, function) \
  { #function, offsetof(table, function) }
#define WICK_FIRST_SIZE(table) offsetof(table, extension) + sizeof(void*)

template <class... Parts>
[[noreturn]] void refuse(const Provider& provider, const Parts&... parts) {
  fail(ErrorCode::kBadArgument, provider.plugin, ": ", provider.kind, " ", provider.id, ": ",
       parts..., "; report this to its author");
}

void check_format(const Provider& provider) {
  const auto& format = *static_cast<const wick_format_v1*>(provider.vtable);
  if (format.block_values == 0 || format.block_bytes == 0)
    refuse(provider, "blocks of ", format.block_values, " values in ", format.block_bytes,
           " bytes");
  const auto* storage = format.storage;
  if (!storage || storage->struct_size < offsetof(wick_storage_class, table) + sizeof(void*))
    refuse(provider, "its storage class is missing or too short");
  if (storage->code_bits < 1 || storage->code_bits > 8)
    refuse(provider, "codes of ", storage->code_bits, " bits, need 1 to 8");
  if (storage->group_values == 0 || storage->group_values % 8 != 0 ||
      storage->super_values % storage->group_values != 0 || storage->super_values == 0)
    refuse(provider, "groups of ", storage->group_values, " in ", storage->super_values,
           " values, need a multiple of 8 and a multiple of that");
}

const std::vector<Kind>& kinds() {
  using B = wick_backend_v1;
  using A = wick_arch_v1;
  using F = wick_format_v1;
  static const auto* const table = new std::vector<Kind>{
      {"backend",
       WICK_FIRST_SIZE(B),
       {WICK_ROW(B, device_count),
        WICK_ROW(B, device_info),
        WICK_ROW(B, supports),
        WICK_ROW(B, estimate),
        WICK_ROW(B, weight_create),
        WICK_ROW(B, weight_put),
        WICK_ROW(B, weight_put_plain),
        WICK_ROW(B, weight_finish),
        WICK_ROW(B, weight_bytes),
        WICK_ROW(B, weight_free),
        WICK_ROW(B, state_create),
        WICK_ROW(B, state_resize),
        WICK_ROW(B, state_copy),
        WICK_ROW(B, state_block_bytes),
        WICK_ROW(B, state_read),
        WICK_ROW(B, state_write),
        WICK_ROW(B, state_free),
        WICK_ROW(B, buffer_create),
        WICK_ROW(B, buffer_write),
        WICK_ROW(B, buffer_read),
        WICK_ROW(B, buffer_free),
        WICK_ROW(B, compile),
        WICK_ROW(B, run),
        WICK_ROW(B, plan_free),
        WICK_ROW(B, fence_wait)},
       nullptr},
      {"arch",
       WICK_FIRST_SIZE(A),
       {WICK_ROW(A, open), WICK_ROW(A, close), WICK_ROW(A, info), WICK_ROW(A, tensors),
        WICK_ROW(A, build)},
       nullptr},
      {"quant", WICK_FIRST_SIZE(F), {WICK_ROW(F, decode), WICK_ROW(F, unpack)}, &check_format},
  };
  return *table;
}

#undef WICK_ROW
#undef WICK_FIRST_SIZE

const Kind& kind_of(const Provider& provider) {
  for (const auto& kind : kinds())
    if (kind.name == provider.kind) return kind;
  fail(ErrorCode::kIncompatible, provider.plugin, ": provider kind \"", provider.kind,
       "\" is not known to this host; update Wick");
}

void check_vtable(const Provider& provider, const Kind& kind) {
  std::uint32_t size = 0;
  std::memcpy(&size, provider.vtable, sizeof size);
  if (size < kind.first_size)
    refuse(provider, "its vtable has ", size, " bytes, need at least ", kind.first_size);
  for (const auto& function : kind.functions) {
    // Function pointers have one size and one null on every system that we run on.
    void* pointer = nullptr;
    std::memcpy(&pointer, static_cast<const char*>(provider.vtable) + function.offset,
                sizeof pointer);
    if (!pointer) refuse(provider, "its vtable lacks ", function.name, "()");
  }
}

std::string name_of(wick_str text, const char* what, const std::string& plugin) {
  constexpr std::uint64_t kMaxName = 128;
  if (!text.data || text.size == 0 || text.size > kMaxName)
    fail(ErrorCode::kBadArgument, plugin, ": the ", what, " of a provider has ", text.size,
         " bytes, need 1 to ", kMaxName, "; report this to its author");
  return std::string(sdk::to_view(text));
}

}  // namespace

Provider check_provider(const wick_provider& provider, const std::string& plugin) {
  if (!WICK_HAS(&provider, destroy))
    fail(ErrorCode::kBadArgument, plugin, ": a provider of ", provider.struct_size,
         " bytes is too short; report this to its author");
  Provider checked;
  checked.plugin = plugin;
  checked.kind = name_of(provider.kind, "kind", plugin);
  checked.id = name_of(provider.id, "id", plugin);
  checked.vtable = provider.vtable;
  checked.self = provider.self;
  const auto& kind = kind_of(checked);
  if (!checked.vtable) refuse(checked, "it has no vtable");
  check_vtable(checked, kind);
  if (kind.check_values) kind.check_values(checked);
  return checked;
}

namespace {

template <class Table>
const Table* table_of(const Provider& provider, std::string_view kind) {
  if (provider.kind != kind)
    fail(ErrorCode::kBadArgument, "provider ", provider.id, ": kind ", provider.kind, ", need ",
         kind, "; this is a bug in Wick");
  return static_cast<const Table*>(provider.vtable);
}

}  // namespace

const wick_backend_v1* backend_table(const Provider& provider) {
  return table_of<wick_backend_v1>(provider, "backend");
}
const wick_arch_v1* arch_table(const Provider& provider) {
  return table_of<wick_arch_v1>(provider, "arch");
}
const wick_format_v1* format_table(const Provider& provider) {
  return table_of<wick_format_v1>(provider, "quant");
}

}  // namespace wick
