// Registers a vtable that lacks something; the user's option "test.lacks" says what.
#include "test_format.h"

#include <wick/sdk/plugin.h>

namespace {

void register_incomplete(const wick::sdk::Host& host) {
  // Lives as long as the library: the host must not keep what it refuses.
  static const auto* const holder =
      new wick::sdk::FormatProvider(std::make_unique<wick_test::BytesFormat>("BYTES", 200));
  static wick_format_v1 table = *holder->vtable();
  table = *holder->vtable();
  auto provider = wick::sdk::make<wick_provider>();
  provider.kind = wick::sdk::to_str("quant");
  provider.id = wick::sdk::to_str("BYTES");
  provider.vtable = &table;
  const std::string lacks = host.option("test.lacks").value_or("");
  if (lacks == "decode") table.decode = nullptr;
  if (lacks == "size") table.struct_size = 0;
  if (lacks == "storage") table.storage = nullptr;
  if (lacks == "vtable") provider.vtable = nullptr;
  if (lacks == "id") provider.id = {};
  if (lacks == "kind") provider.kind = wick::sdk::to_str("telepathy");
  if (lacks == "provider size") provider.struct_size = 8;
  if (lacks == "block") table.block_values = 0;
  if (lacks == "manifest's type") table.gguf_type = 201;
  host.register_provider(provider);
}

}  // namespace

WICK_DEFINE_PLUGIN("org.test.plugin", "1.0.0",
                   [](const wick::sdk::Host& host) { register_incomplete(host); })
