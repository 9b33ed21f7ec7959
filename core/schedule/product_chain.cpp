// See product_chain.h.
#include "schedule/product_chain.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>

#include "base/thread_pool.h"

namespace wick {
namespace {

/// value = d s code - d_min m, with f16 scales per 256 values and 6 bits per 32.
wick_storage_class chain_storage() {
  auto storage = sdk::make<wick_storage_class>();
  storage.code_bits = 4;
  storage.group_values = 32;
  storage.super_values = 256;
  storage.scale_type = WICK_SCALE_F16;
  storage.has_min = 1;
  storage.sub_scale_bits = storage.sub_min_bits = 6;
  return storage;
}

/// Some rows, all alike. With mean 0 and a deviation of 1 / 64 a row of 4096 neither grows nor
/// fades: no time is spent on infinities or denormals.
struct Tile {
  std::vector<std::uint8_t> codes;
  std::vector<float> scales, mins;
  std::vector<std::int16_t> sub_scales, sub_mins;

  Tile(std::uint64_t n_rows, std::uint64_t n_cols)
      : codes(n_rows * n_cols),
        scales(n_rows * n_cols / 256, 1.0f / 8192),
        mins(n_rows * n_cols / 256, 7.5f / 8192),
        sub_scales(n_rows * n_cols / 32, 28),
        sub_mins(n_rows * n_cols / 32, 28) {
    std::uint32_t random = 1;
    for (std::uint8_t& code : codes) {
      random = random * 1664525 + 1013904223;
      code = static_cast<std::uint8_t>(random >> 28);
    }
  }
  wick_unpacked view(std::uint64_t n_rows, std::uint64_t n_cols) {
    auto tile = sdk::make<wick_unpacked>();
    tile.n_rows = n_rows;
    tile.n_cols = n_cols;
    tile.codes = codes.data();
    tile.scales = scales.data();
    tile.mins = mins.data();
    tile.sub_scales = sub_scales.data();
    tile.sub_mins = sub_mins.data();
    return tile;
  }
};

}  // namespace

bool ProductChain::is_supported(const Device& device) {
  const wick_storage_class storage = chain_storage();
  std::uint32_t support = WICK_SUPPORT_NONE;
  device.call(device.table().supports, device.index(), sdk::to_str("matmul@1"), &storage,
              WICK_TYPE_F32, &support);
  return support != WICK_SUPPORT_NONE;
}

ProductChain::ProductChain(const Device& device, const Size& size, ThreadPool& pool)
    : device_(device), size_(size) {
  make_graph();
  make_weights(device_.facts().row_tile, pool);
  decode_ = compile(1);
  prefill_ = compile(size_.max_tokens);
  input_ = make_buffer();
  output_ = make_buffer();
  const std::vector<float> ones(std::size_t{size_.max_tokens} * size_.width, 1.0f);
  device_.call(device_.table().buffer_write, input_.get(), std::uint64_t{0},
               static_cast<const void*>(ones.data()), std::uint64_t{ones.size() * sizeof(float)},
               nullptr);
}

/// Values: input, then a matrix and what it makes by turns.
void ProductChain::make_graph() {
  const auto width = static_cast<std::int64_t>(size_.width);
  const std::vector<std::int64_t> row = {WICK_DIM_TOKENS, width};
  graph_.values.push_back({WICK_VALUE_INPUT, "x", row, false});
  std::uint32_t x = 0;
  for (std::uint32_t i = 0; i < size_.n_matrices; ++i) {
    graph_.values.push_back({WICK_VALUE_WEIGHT, "w" + std::to_string(i), {width, width}, false});
    graph_.values.push_back({WICK_VALUE_ACTIVATION, "", row, false});
    Node node;
    node.op = "matmul@1";
    node.inputs = {x, x + 1, WICK_NONE};
    node.output = x += 2;
    graph_.nodes.push_back(std::move(node));
  }
  graph_.values.back().is_output = true;
  graph_.values.back().name = "y";
}

void ProductChain::make_weights(std::uint32_t row_tile, ThreadPool& pool) {
  const wick_storage_class storage = chain_storage();
  for (std::uint32_t i = 0; i < size_.n_matrices; ++i) {
    const std::uint32_t value = 2 * i + 1;
    auto desc = sdk::make<wick_weight_desc>();
    desc.use = WICK_USE_MATMUL;
    desc.name = sdk::to_str(graph_.values[value].name);
    desc.n_rows = desc.n_cols = size_.width;
    desc.storage = &storage;
    wick_weight* made = nullptr;
    device_.call(device_.table().weight_create, device_.index(),
                 static_cast<const wick_weight_desc*>(&desc), &made);
    weights_.push_back(own(device_, made, device_.table().weight_free));
    bindings_.push_back({value, 0, made});
    fill(made, row_tile, pool);
    device_.call(device_.table().weight_finish, made);
  }
}

void ProductChain::fill(wick_weight* weight, std::uint32_t row_tile, ThreadPool& pool) {
  const std::uint64_t rows = std::min(std::max(row_tile, 1u), size_.width);
  Tile memory(rows, size_.width);
  std::mutex mutex;
  std::exception_ptr error;
  pool.parallel_for((size_.width + rows - 1) / rows, [&](std::uint64_t i) {
    try {
      const wick_unpacked tile =
          memory.view(std::min<std::uint64_t>(rows, size_.width - i * rows), size_.width);
      device_.call(device_.table().weight_put, weight, i * rows, std::uint64_t{0}, &tile);
    } catch (...) {
      const std::lock_guard lock(mutex);
      error = std::current_exception();
    }
  });
  if (error) std::rethrow_exception(error);
}

Owned<wick_plan> ProductChain::compile(std::uint32_t max_tokens) {
  auto request = sdk::make<wick_compile_request>();
  request.graph = to_abi(graph_);
  request.weights = bindings_.data();
  request.n_weights = static_cast<std::uint32_t>(bindings_.size());
  request.max_tokens = max_tokens;
  request.max_outputs = 1;
  wick_plan* made = nullptr;
  device_.call(device_.table().compile, device_.index(),
               static_cast<const wick_compile_request*>(&request), &made);
  return own(device_, made, device_.table().plan_free);
}

Owned<wick_buffer> ProductChain::make_buffer() {
  wick_buffer* made = nullptr;
  device_.call(device_.table().buffer_create, device_.index(),
               std::uint64_t{size_.max_tokens} * size_.width * sizeof(float), &made);
  return own(device_, made, device_.table().buffer_free);
}

std::uint64_t ProductChain::weight_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& weight : weights_)
    sum += device_.table().weight_bytes(device_.self(), weight.get());
  return sum;
}

std::uint64_t ProductChain::n_macs() const noexcept {
  return std::uint64_t{size_.width} * size_.width * size_.n_matrices;
}

void ProductChain::run(wick_plan* plan, std::uint32_t n_tokens) {
  std::vector<std::int32_t> ids(n_tokens, 0);
  std::vector<std::uint32_t> positions(n_tokens), blocks(n_tokens / WICK_BLOCK_TOKENS + 1, 0);
  for (std::uint32_t i = 0; i < n_tokens; ++i) positions[i] = i;
  wick_run whole{};
  whole.n_tokens = n_tokens;
  whole.n_blocks = (n_tokens + WICK_BLOCK_TOKENS - 1) / WICK_BLOCK_TOKENS;
  whole.blocks = blocks.data();
  auto batch = sdk::make<wick_batch>();
  batch.n_tokens = n_tokens;
  batch.token_ids = ids.data();
  batch.positions = positions.data();
  batch.n_runs = 1;
  batch.runs = &whole;
  const wick_buffer_binding buffers[] = {
      {0, 0, input_.get()},
      {static_cast<std::uint32_t>(graph_.values.size() - 1), 0, output_.get()}};
  auto bindings = sdk::make<wick_bindings>();
  bindings.batch = &batch;
  bindings.buffers = buffers;
  bindings.n_buffers = 2;
  device_.call(device_.table().run, plan, static_cast<const wick_bindings*>(&bindings), nullptr);
}

double ProductChain::seconds(std::uint32_t n_tokens, std::uint32_t n_runs) {
  using Clock = std::chrono::steady_clock;
  wick_plan* plan = n_tokens == 1 ? decode_.get() : prefill_.get();
  double best = 1e9;
  for (std::uint32_t i = 0; i < n_runs; ++i) {
    const Clock::time_point begin = Clock::now();
    run(plan, n_tokens);
    best = std::min(best, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return std::max(best, 1e-9);
}

}  // namespace wick
