// Values per second that each weight format unpacks, decodes and encodes, on one thread: what
// loading and quantizing a model wait for.
#include <benchmark/benchmark.h>
#include <wick/abi/format.h>
#include <wick/sdk/guard.h>

#include <cmath>
#include <random>

#include "bench_runtime.h"

namespace {

using namespace wick;

constexpr std::uint64_t kRows = 16, kCols = 4096;

/// Random blocks of a format, and memory for a tile of them.
struct Tile {
  std::vector<std::uint8_t> blocks, codes;
  std::vector<float> scales, mins, values;
  std::vector<std::int16_t> sub_scales, sub_mins;
  wick_unpacked unpacked = sdk::make<wick_unpacked>();

  explicit Tile(const wick_format_v1& f)
      : blocks(kRows * kCols / f.block_values * f.block_bytes),
        codes(kRows * kCols),
        scales(kRows * kCols),
        mins(kRows * kCols),
        values(kRows * kCols),
        sub_scales(kRows * kCols),
        sub_mins(kRows * kCols) {
    std::mt19937 random(1);
    for (std::uint8_t& byte : blocks) byte = static_cast<std::uint8_t>(random());
    unpacked.n_rows = kRows;
    unpacked.n_cols = kCols;
    unpacked.codes = codes.data();
    unpacked.scales = scales.data();
    unpacked.mins = mins.data();
    unpacked.sub_scales = sub_scales.data();
    unpacked.sub_mins = sub_mins.data();
  }
};

void unpack(benchmark::State& state, const Provider& provider) {
  const wick_format_v1& f = *format_table(provider);
  Tile tile(f);
  const std::uint64_t row_bytes = kCols / f.block_values * f.block_bytes;
  for (auto _ : state)
    f.unpack(provider.self, tile.blocks.data(), row_bytes, &tile.unpacked, nullptr);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows * kCols));
}

void decode(benchmark::State& state, const Provider& provider) {
  const wick_format_v1& f = *format_table(provider);
  Tile tile(f);
  for (auto _ : state)
    f.decode(provider.self, tile.blocks.data(), kRows * kCols, tile.values.data(), nullptr);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows * kCols));
}

/// Rows of normal weights; importance: whether each value has a weight of its own.
void encode(benchmark::State& state, const Provider& provider, bool with_importance) {
  const wick_format_v1& f = *format_table(provider);
  Tile tile(f);
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 0.02f);
  for (float& value : tile.values) value = normal(random);
  for (float& weight : tile.scales) weight = std::abs(normal(random));
  const std::uint64_t row_bytes = kCols / f.block_values * f.block_bytes;
  for (auto _ : state)
    for (std::uint64_t row = 0; row < kRows; ++row)
      f.encode(provider.self, &tile.values[row * kCols],
               with_importance ? &tile.scales[row * kCols] : nullptr, kCols,
               &tile.blocks[row * row_bytes], nullptr);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows * kCols));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  Runtime runtime(bench_options());
  for (const Offer& offer : runtime.registry().offers("quant")) {
    const Provider provider = runtime.registry().find("quant", offer.id);
    benchmark::RegisterBenchmark(("unpack/" + offer.id).c_str(), unpack, provider);
    benchmark::RegisterBenchmark(("decode/" + offer.id).c_str(), decode, provider);
    if (!format_table(provider)->encode) continue;
    benchmark::RegisterBenchmark(("encode/" + offer.id).c_str(), encode, provider, false);
    benchmark::RegisterBenchmark(("encode_weighted/" + offer.id).c_str(), encode, provider, true);
  }
  benchmark::RunSpecifiedBenchmarks();
}
