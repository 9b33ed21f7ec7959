// load_plugin FILE.so: the kit's host loads it, and its values are those of its storage class.
#include "conformance/reference/weights.h"
#include "conformance/test_host.h"

#include <wick/abi/format.h>

#include <cstdio>
#include <exception>
#include <vector>

namespace {

/// Decodes 64 values both ways.
bool decodes_as_it_unpacks(const wick_provider& provider) {
  const auto* format = static_cast<const wick_format_v1*>(provider.vtable);
  const unsigned char blocks[16] = {0,    0,    0, 0x40, 0x0f, 0x33, 0x55, 0xff,
                                    0x00, 0x00, 0, 0xbf, 0x80, 0x01, 0xaa, 0xfe};
  std::vector<float> values(64), scales(2);
  std::vector<std::uint8_t> codes(64);
  auto tile = wick::sdk::make<wick_unpacked>();
  tile.n_rows = 2;
  tile.n_cols = 32;
  tile.codes = codes.data();
  tile.scales = scales.data();
  wick::sdk::check(
      [&](wick_error* e) { return format->decode(provider.self, blocks, 64, values.data(), e); });
  wick::sdk::check(
      [&](wick_error* e) { return format->unpack(provider.self, blocks, 8, &tile, e); });
  const auto want = wick::reference::decode(*format->storage, tile);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (static_cast<double>(values[i]) != want.values[i]) return false;
  return values[0] == 2.0f && values[4] == -2.0f && values[32 + 7] == -0.5f;
}

}  // namespace

int main(int n_arguments, char** arguments) {
  if (n_arguments != 2) return 2;
  try {
    wick::conformance::TestHost host(2);
    host.load(arguments[1]);
    if (decodes_as_it_unpacks(host.provider("quant", "com.example.signs@1"))) return 0;
    std::fprintf(stderr, "%s: decode and unpack differ\n", arguments[1]);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
  }
  return 1;
}
