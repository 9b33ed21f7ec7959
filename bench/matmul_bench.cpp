// Multiply-adds per second of one product [2048, 2048] through a backend's own interface, by format
// and number of tokens. The names are BACKEND/FORMAT/TOKENS. `--isa=NAME` as in `wick bench`.
#include <benchmark/benchmark.h>
#include <wick/abi/backend.h>
#include <wick/abi/format.h>
#include <wick/sdk/graph_builder.h>

#include <random>
#include <string_view>

#include "bench_runtime.h"
#include "graph/builder.h"
#include "schedule/executor.h"

namespace {

using namespace wick;

constexpr std::uint64_t kDim = 2048, kVocab = 512;

/// embed (plain) -> matmul in the format -> logits: the embedding is next to nothing. The rows are
/// chosen behind the product, which would else be one of logits, with activations in two terms.
Graph make_graph() {
  Builder builder({{"table", {{kVocab, kDim}, true}}, {"w", {{kDim, kDim}, true}}});
  const sdk::GraphBuilder g(&builder_api(), builder.to_abi());
  g.logits(g.select_rows(g.matmul("w", g.embed("table"))));
  return builder.finish();
}

Owned<wick_weight> make_weight(const Device& device, const wick_weight_desc& desc) {
  wick_weight* made = nullptr;
  device.call(device.table().weight_create, device.index(), &desc, &made);
  return own(device, made, device.table().weight_free);
}

wick_weight_desc describe(std::uint32_t use, std::uint64_t n_rows,
                          const wick_storage_class* storage) {
  auto desc = sdk::make<wick_weight_desc>();
  desc.use = use;
  desc.n_rows = n_rows;
  desc.n_cols = kDim;
  desc.storage = storage;
  desc.plain_type = WICK_TYPE_F32;
  return desc;
}

void put_random(const Device& device, wick_weight* weight, const wick_storage_class& c) {
  std::mt19937 random(1);
  std::vector<std::uint8_t> codes(kDim * kDim);
  for (std::uint8_t& code : codes)
    code = static_cast<std::uint8_t>(random() & ((1u << c.code_bits) - 1));
  const std::vector<float> ones(kDim * kDim / c.group_values, 0.01f);
  std::vector<std::int16_t> subs(ones.size(), 1);
  auto tile = sdk::make<wick_unpacked>();
  tile.n_rows = tile.n_cols = kDim;
  tile.codes = codes.data();
  tile.scales = const_cast<float*>(ones.data());
  tile.mins = c.has_min ? tile.scales : nullptr;
  tile.sub_scales = c.sub_scale_bits ? subs.data() : nullptr;
  tile.sub_mins = c.sub_min_bits ? subs.data() : nullptr;
  device.call(device.table().weight_put, weight, std::uint64_t{0}, std::uint64_t{0},
              static_cast<const wick_unpacked*>(&tile));
  device.call(device.table().weight_finish, weight);
}

void product(benchmark::State& state, const Provider& backend, const Provider& format) {
  const Device device = Device::all(backend).front();
  const wick_storage_class& storage = *format_table(format)->storage;
  const Graph graph = make_graph();
  std::vector<Owned<wick_weight>> weights;
  SegmentSource all{device, "all", {graph, {}}, {}};
  for (std::uint32_t i = 0; i < graph.values.size(); ++i) all.cut.whole_value.push_back(i);
  for (std::uint32_t i = 0; i < graph.values.size(); ++i) {
    if (graph.values[i].kind != WICK_VALUE_WEIGHT) continue;
    const bool is_table = graph.values[i].name == "table";
    weights.push_back(make_weight(device, is_table ? describe(WICK_USE_EMBED, kVocab, nullptr)
                                                   : describe(WICK_USE_MATMUL, kDim, &storage)));
    all.weights.push_back({i, 0, weights.back().get()});
    if (!is_table) put_random(device, weights.back().get(), storage);
    const std::vector<float> rows(kVocab * kDim, 0.5f);
    if (is_table)
      device.call(device.table().weight_put_plain, weights.back().get(), std::uint64_t{0}, kVocab,
                  static_cast<const void*>(rows.data()));
  }
  const auto n = static_cast<std::uint32_t>(state.range(0));
  std::vector<SegmentSource> sources{std::move(all)};
  Executor executor(graph, std::move(sources), std::move(weights), {n, n, false});
  const std::vector<std::int32_t> ids(n, 1);
  std::vector<std::uint32_t> positions(n);
  for (std::uint32_t i = 0; i < n; ++i) positions[i] = i;
  const std::vector<std::uint32_t> blocks(n / WICK_BLOCK_TOKENS + 1);
  const wick_run run{0, 0, n, 0, (n + WICK_BLOCK_TOKENS - 1) / WICK_BLOCK_TOKENS, 0, blocks.data()};
  auto batch = sdk::make<wick_batch>();
  batch.n_tokens = batch.n_outputs = n;
  batch.token_ids = ids.data();
  batch.positions = batch.output_rows = positions.data();
  batch.n_runs = 1;
  batch.runs = &run;
  for (auto _ : state) benchmark::DoNotOptimize(executor.run(batch).data());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(n * kDim * kDim));
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  RuntimeOptions options = bench_options();
  constexpr std::string_view kIsa = "--isa=";
  if (argc == 2 && std::string_view(argv[1]).substr(0, kIsa.size()) == kIsa)
    options.options["isa"] = argv[1] + kIsa.size();
  else if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  Runtime runtime(options);
  for (const Offer& backend : runtime.registry().offers("backend"))
    for (const Offer& format : runtime.registry().offers("quant"))
      benchmark::RegisterBenchmark((backend.id + "/" + format.id).c_str(), product,
                                   runtime.registry().find("backend", backend.id),
                                   runtime.registry().find("quant", format.id))
          ->Arg(1)
          ->Arg(8)
          ->Arg(128)
          ->Arg(512);
  benchmark::RunSpecifiedBenchmarks();
}
