// The CPU backend's kernels beside the products: one layer of attention in the shape of a model of
// 10^9 weights (32 heads on 8 of keys, 64 wide), storing keys and values, and one token's
// elementwise ops. One thread; the names are KERNEL/ISA/...
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "isa.h"
#include "kv_type.h"

namespace {

using namespace wick::cpu;

constexpr std::uint32_t kHeads = 32, kKvHeads = 8, kDim = 64, kGroup = kHeads / kKvHeads;

std::vector<float> random_floats(std::size_t n) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

/// Blocks of one layer: the keys of all heads, then the values, as a state has them.
class Layer {
 public:
  Layer(const AttentionKernels& kernels, KvType type, std::uint32_t n_positions)
      : kernels_(kernels),
        type_(type),
        n_blocks_((n_positions + kBlockTokens - 1) / kBlockTokens),
        rows_(random_floats(kBlockTokens * std::size_t{kKvHeads} * kDim)),
        memory_(n_blocks_ * block_bytes()) {
    for (std::uint32_t i = 0; i < n_blocks_; ++i) {
      numbers_.push_back(i);
      blocks_.push_back(&memory_[i * block_bytes()]);
      store(i, 0, kBlockTokens);
    }
  }

  void store(std::uint32_t block, std::uint32_t slot, std::uint32_t n_tokens) {
    KvStoreTask task{};
    task.type = type_;
    task.head_dim = task.value_dim = kDim;
    task.slot = slot;
    task.n_tokens = n_tokens;
    task.k_stride = task.v_stride = std::uint64_t{kKvHeads} * kDim;
    for (std::uint32_t head = 0; head < kKvHeads; ++head) {
      task.keys = blocks_[block] + keys_at(head);
      task.values = blocks_[block] + values_at(head);
      task.k = task.v = &rows_[std::size_t{head} * kDim];
      kernels_.store(task);
    }
  }

  /// q, y [n_tokens][kHeads][kDim]; n_at_once: of the heads on the same keys
  void attend(const float* q, float* y, std::uint32_t first, std::uint32_t n_tokens,
              std::uint32_t n_at_once) {
    AttentionTask task{};
    task.shape = {kDim, kDim, n_at_once, 0, 0.125f, 0.0f, type_};
    scratch_.resize(attention_scratch(task.shape));
    task.state_blocks = blocks_.data();
    task.blocks = numbers_.data();
    task.q_stride = task.y_stride = std::uint64_t{kHeads} * kDim;
    task.scratch = scratch_.data();
    for (std::uint32_t head = 0; head < kHeads; head += n_at_once) {
      task.keys_at = keys_at(head / kGroup);
      task.values_at = values_at(head / kGroup);
      for (std::uint32_t t = 0; t < n_tokens; t += kAttentionTokens) {
        task.q = q + t * task.q_stride + std::size_t{head} * kDim;
        task.y = y + t * task.y_stride + std::size_t{head} * kDim;
        task.first_position = first + t;
        task.n_tokens = std::min(n_tokens - t, kAttentionTokens);
        kernels_.attend(task);
      }
    }
  }

 private:
  std::uint64_t keys_at(std::uint32_t head) const { return head * key_bytes(type_, kDim); }
  std::uint64_t values_at(std::uint32_t head) const {
    return kKvHeads * key_bytes(type_, kDim) + head * value_bytes(type_, kDim);
  }
  std::uint64_t block_bytes() const { return values_at(kKvHeads); }

  const AttentionKernels& kernels_;
  KvType type_;
  std::uint32_t n_blocks_;
  std::vector<float> rows_, scratch_;
  std::vector<std::uint8_t> memory_;
  std::vector<std::uint8_t*> blocks_;
  std::vector<std::uint32_t> numbers_;
};

/// n_tokens behind `first` others, so many of the heads on the same keys at once; counts
/// multiply-adds.
void attend(benchmark::State& state, const AttentionKernels& kernels, KvType type) {
  const auto first = static_cast<std::uint32_t>(state.range(0));
  const auto n_tokens = static_cast<std::uint32_t>(state.range(1));
  const auto n_at_once = static_cast<std::uint32_t>(state.range(2));
  Layer layer(kernels, type, first + n_tokens);
  const std::vector<float> q = random_floats(std::size_t{n_tokens} * kHeads * kDim);
  std::vector<float> y(q.size());
  for (auto _ : state) {
    layer.attend(q.data(), y.data(), first, n_tokens, n_at_once);
    benchmark::DoNotOptimize(y.data());
  }
  const std::int64_t seen = n_tokens * (2 * std::int64_t{first} + n_tokens + 1) / 2;
  state.SetItemsProcessed(state.iterations() * seen * kHeads * kDim * 2);
}

void store(benchmark::State& state, const AttentionKernels& kernels, KvType type) {
  Layer layer(kernels, type, 4096);
  const auto n = static_cast<std::uint32_t>(state.range(0));
  std::uint32_t block = 0;
  for (auto _ : state) layer.store(block++ % 128, 0, n);
}

void swiglu(benchmark::State& state, const ElementwiseKernels& kernels) {
  const std::vector<float> x = random_floats(8192);
  std::vector<float> y(x.size());
  for (auto _ : state) {
    kernels.swiglu(x.data(), x.data(), x.size(), y.data());
    benchmark::DoNotOptimize(y.data());
  }
}

void rms_norm(benchmark::State& state, const ElementwiseKernels& kernels) {
  const std::vector<float> x = random_floats(2048);
  std::vector<float> y(x.size());
  for (auto _ : state) {
    kernels.rms_norm(x.data(), x.data(), 1e-5f, x.size(), y.data());
    benchmark::DoNotOptimize(y.data());
  }
}

void register_attention(const Kernels& isa) {
  const std::string name(isa.name);
  std::vector<std::pair<const char*, KvType>> types = {
      {"/f16", KvType::kF16}, {"/q8_0", KvType::kQ8}, {"/f32", KvType::kF32}};
  if (isa.attention->narrow == KvType::kBf16) types.emplace_back("/bf16", KvType::kBf16);
  for (const auto& [type_name, type] : types) {
    benchmark::RegisterBenchmark(("attend/" + name + type_name).c_str(), attend, *isa.attention,
                                 type)
        ->Args({511, 1, kGroup})
        ->Args({4095, 1, kGroup})
        ->Args({4095, 1, kGroup / 2})
        ->Args({4095, 1, 1})
        ->Args({0, 512, kGroup})
        ->Args({3584, 512, kGroup});
    benchmark::RegisterBenchmark(("store/" + name + type_name).c_str(), store, *isa.attention, type)
        ->Arg(1)
        ->Arg(32);
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const Kernels& isa : usable_kernels()) {
    const std::string name(isa.name);
    register_attention(isa);
    benchmark::RegisterBenchmark(("swiglu/" + name).c_str(), swiglu, *isa.elementwise);
    benchmark::RegisterBenchmark(("rms_norm/" + name).c_str(), rms_norm, *isa.elementwise);
  }
  benchmark::RunSpecifiedBenchmarks();
}
