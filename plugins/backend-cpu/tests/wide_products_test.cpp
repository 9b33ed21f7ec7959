// An instruction set for many tokens gives the bits of the one that serves few beside it, whatever
// the number of tokens: else a token's result would depend on its batch.
#include "conformance/cases/shapes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "cpu_device.h"
#include "jit/kernel_cache.h"
#include "jit/matmul.h"

namespace wick::cpu {
namespace {

using conformance::Draft;
using conformance::Experiment;
using conformance::StorageEntry;

constexpr std::uint32_t kMostTokens = 70;
constexpr std::size_t kRows = 37;

bool runs_here(std::string_view isa) {
  const std::vector<std::string> names = isa_names();
  return std::find(names.begin(), names.end(), isa) != names.end();
}

/// Rows of several blocks of a kernel, the last of them shorter.
std::size_t width_of(const StorageEntry& storage) {
  const std::size_t super = storage.super_values();
  return super > 200 ? super * 5 : super * 41;
}

/// The same weight for any number of tokens; inputs that are given, or random ones.
Experiment experiment(const StorageEntry& storage, std::uint32_t n_tokens,
                      const reference::Matrix* inputs) {
  conformance::Random random(7);
  Draft d({"", {{conformance::run_of(0, 0, n_tokens)}}}, conformance::InputClass::kNormal, random);
  const std::uint32_t x = d.input("x", static_cast<std::int64_t>(width_of(storage)));
  random = conformance::Random(conformance::seed_of("wide_" + storage.name));
  const std::uint32_t w = d.matrix("w", storage, kRows, width_of(storage));
  Experiment made = d.finish(d.graph().node({"matmul@1", {x, w}, kRows}));
  if (inputs) made.steps[0].inputs[x] = *inputs;
  return made;
}

std::vector<float> run(const CpuDevice& cpu, const Experiment& e) {
  conformance::Session session(cpu.device(), e.setup, false);
  return session.run(e.steps[0]);
}

/// Else the test below would compare a kernel with itself.
TEST(AmxInt8, HasWideKernelsForEveryClassThatIsEmitted) {
  if (!runs_here("amx-int8")) GTEST_SKIP() << "no AMX here, or not for this process";
  const conformance::TestHost host(1);
  jit::KernelCache cache(sdk::Host(host.api()), jit::Isa::kAmxInt8);
  int n_emitted = 0;
  for (const StorageEntry& storage : conformance::gguf_classes()) {
    auto desc = sdk::make<wick_weight_desc>();
    desc.use = WICK_USE_MATMUL;
    desc.n_rows = kRows;
    desc.n_cols = width_of(storage);
    desc.storage = storage.pointer();
    const Layout layout = make_layout(desc);
    const auto codes = jit::make_matmul(cache, layout, 1);
    if (!codes) continue;
    ++n_emitted;
    EXPECT_FALSE(codes->wide.empty()) << storage.name;
    EXPECT_TRUE(jit::make_matmul(cache, layout, 2)->wide.empty()) << storage.name;
  }
  EXPECT_GT(n_emitted, 5);
}

TEST(AmxInt8, GivesTheBitsOfAvx512VnniForAnyNumberOfTokens) {
  if (!runs_here("amx-int8")) GTEST_SKIP() << "no AMX here, or not for this process";
  const CpuDevice amx("amx-int8", 1), vnni("avx512-vnni", 1);
  for (const StorageEntry& storage : conformance::gguf_classes()) {
    const Experiment all = experiment(storage, kMostTokens, nullptr);
    const reference::Matrix& x = all.steps[0].inputs.begin()->second;
    const std::vector<float> want = run(vnni, all);
    for (std::uint32_t n = 1; n <= kMostTokens; ++n) {
      const reference::Matrix some = reference::rows_of(x, 0, n);
      const std::vector<float> got = run(amx, experiment(storage, n, &some));
      ASSERT_EQ(got.size(), n * kRows);
      EXPECT_EQ(std::memcmp(got.data(), want.data(), got.size() * sizeof(float)), 0)
          << storage.name << ", " << n << " tokens";
    }
  }
}

}  // namespace
}  // namespace wick::cpu
