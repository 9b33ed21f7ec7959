// fp4_test FILE.so: the format as a host sees it. Each claim that does not hold is a line, and exit
// code 1.
#include "conformance/reference/weights.h"
#include "conformance/test_host.h"

#include <wick/abi/format.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <limits>
#include <random>
#include <vector>

namespace {

constexpr std::uint64_t kValues = 64, kBytes = 34;

int n_failed = 0;

void claim(bool holds, const char* what) {
  if (holds) return;
  ++n_failed;
  std::fprintf(stderr, "does not hold: %s\n", what);
}

/// The registered format through its table, as the core calls it.
struct Fp4 {
  const wick_provider& provider;
  const wick_format_v1& table = *static_cast<const wick_format_v1*>(provider.vtable);

  std::vector<float> decode(const std::vector<unsigned char>& blocks) const {
    std::vector<float> values(blocks.size() / kBytes * kValues);
    wick::sdk::check([&](wick_error* e) {
      return table.decode(provider.self, blocks.data(), values.size(), values.data(), e);
    });
    return values;
  }
  std::vector<unsigned char> encode(const std::vector<float>& values) const {
    std::vector<unsigned char> blocks(values.size() / kValues * kBytes);
    wick::sdk::check([&](wick_error* e) {
      return table.encode(provider.self, values.data(), nullptr, values.size(), blocks.data(), e);
    });
    return blocks;
  }
  bool refuses(float value) const {
    std::vector<float> values(kValues, 0.5f);
    values[9] = value;
    try {
      encode(values);
    } catch (const wick::Error&) {
      return true;
    }
    return false;
  }
};

/// Scale 2.5, q[i] = i % 16: worked out by hand from the layout in fp4.h.
void check_a_block_by_hand(const Fp4& fp4) {
  std::vector<unsigned char> block(kBytes);
  block[1] = 0x41;  // 0x4100 is 2.5 in f16
  for (unsigned i = 0; i < 32; ++i) block[2 + i] = static_cast<unsigned char>(i % 16 * 17);
  const std::vector<float> values = fp4.decode(block);
  claim(values[0] == 0.0f && values[3] == 2.5f && values[11] == -2.5f, "-1, 0 and 1 are there");
  claim(values[2] == 2.5f * (8.0f / 12) && values[1] == 2.5f * (0.0625f / 12),
        "codes 2 and 1 are two thirds and nearly nothing");
  claim(values[32 + 14] == 2.5f * (-2.0f / 12), "high nibbles are the second half");
}

/// Random bytes are blocks too; scales of any kind, NaN and infinities among them.
void check_that_unpacking_loses_nothing(const Fp4& fp4) {
  std::mt19937 random(1);
  const std::uint64_t n_rows = 5, n_cols = 3 * kValues;
  std::vector<unsigned char> blocks(n_rows * 3 * kBytes);
  for (auto& byte : blocks) byte = static_cast<unsigned char>(random());
  std::vector<std::uint8_t> codes(n_rows * n_cols);
  std::vector<float> scales(n_rows * 3);
  auto tile = wick::sdk::make<wick_unpacked>();
  tile.n_rows = n_rows;
  tile.n_cols = n_cols;
  tile.codes = codes.data();
  tile.scales = scales.data();
  wick::sdk::check([&](wick_error* e) {
    return fp4.table.unpack(fp4.provider.self, blocks.data(), 3 * kBytes, &tile, e);
  });
  const auto want = wick::reference::decode(*fp4.table.storage, tile).values;
  const std::vector<float> got = fp4.decode(blocks);
  bool same = got.size() == want.size();
  for (std::size_t i = 0; same && i < got.size(); ++i)
    same = static_cast<double>(got[i]) == want[i] || (std::isnan(got[i]) && std::isnan(want[i]));
  claim(same, "codes and scales give what decoding gives");
}

/// The widest gap of the table is a third: half of it, and f16's rounding of the scale.
void check_encoding(const Fp4& fp4) {
  std::mt19937 random(2);
  std::normal_distribution<float> normal;
  std::vector<float> values(20 * kValues);
  for (float& value : values) value = normal(random);
  const std::vector<float> back = fp4.decode(fp4.encode(values));
  bool near = true;
  for (std::size_t first = 0; first < values.size(); first += kValues) {
    float most = 0;
    for (std::size_t i = first; i < first + kValues; ++i)
      most = std::fmax(most, std::fabs(values[i]));
    for (std::size_t i = first; i < first + kValues; ++i)
      near = near && std::fabs(back[i] - values[i]) <= most * (0.1666667f + 0x1p-11f);
  }
  claim(near, "no weight moves by more than half a gap");
  claim(fp4.encode(back) == fp4.encode(values), "what was decoded is encoded to the same bytes");
  claim(fp4.decode(fp4.encode(std::vector<float>(kValues))) == std::vector<float>(kValues),
        "zeros stay zeros");
  claim(fp4.refuses(NAN) && fp4.refuses(INFINITY) && fp4.refuses(1e6f),
        "weights that it cannot hold are refused");
}

}  // namespace

int main(int n_arguments, char** arguments) {
  if (n_arguments != 2) return 2;
  try {
    wick::conformance::TestHost host(1);
    host.load(arguments[1]);
    const Fp4 fp4{host.provider("quant", "org.example.fp4@1")};
    check_a_block_by_hand(fp4);
    check_that_unpacking_loses_nothing(fp4);
    check_encoding(fp4);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return n_failed == 0 ? 0 : 1;
}
