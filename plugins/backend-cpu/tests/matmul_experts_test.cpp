// Mixtures of experts: more tokens, and larger experts, than a step takes at once.
#include "conformance/cases/shapes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "cpu_device.h"

namespace wick::cpu {
namespace {

using conformance::Draft;
using conformance::Experiment;
using conformance::Shape;
using conformance::StorageEntry;

constexpr std::int64_t kDim = 64, kInner = 288, kExperts = 3, kUsed = 2;

/// Of a size that makes numbers of the products: a random class has values of any size.
std::uint32_t experts(Draft& d, const char* name, const StorageEntry& storage,
                      const std::vector<std::int64_t>& dims) {
  const std::uint32_t w = d.matrix_of_experts(name, storage, dims);
  for (float& scale : d.weight(w).scales) scale = 0x1p-9f;
  return w;
}

/// A router that is a plain matrix, experts with an input for all slots, then with one for each.
std::uint32_t mixture(Draft& d, const StorageEntry& storage, std::uint32_t x) {
  conformance::TestGraph& g = d.graph();
  const std::uint32_t router = d.matrix("router", conformance::plain_types()[0], kExperts, kDim);
  const std::uint32_t bias = d.vector("bias", kExperts, 0.0);
  const std::uint32_t scores = g.node({"matmul@1", {x, router}, kExperts});
  const std::uint32_t routes = g.node({"route@1",
                                       {scores, bias},
                                       2 * kUsed,
                                       {{"n_used", kUsed}, {"gating", 1}, {"normalize", 1}},
                                       {{"epsilon", 1e-6}, {"scale", 1.0}}});
  const std::uint32_t up = experts(d, "up", storage, {kExperts, kInner, kDim});
  const std::uint32_t down = experts(d, "down", storage, {kExperts, 21, kInner});
  const std::uint32_t each = g.node({"matmul_experts@1", {x, routes, up}, kUsed * kInner});
  const std::uint32_t own = g.node({"matmul_experts@1", {each, routes, down}, kUsed * 21});
  return g.node({"combine@1", {own, routes}, 21});
}

/// The same weights for any number of tokens; inputs that are given, or random ones.
Experiment experiment(const StorageEntry& storage, std::uint32_t n_tokens,
                      const reference::Matrix* inputs) {
  conformance::Random random(7);
  Draft d({"", {{conformance::run_of(0, 0, n_tokens)}}}, conformance::InputClass::kNormal, random);
  const std::uint32_t x = d.input("x", kDim);
  random = conformance::Random(conformance::seed_of("mixture_" + storage.name));
  const std::uint32_t y = mixture(d, storage, x);
  Experiment made = d.finish(y);
  if (inputs) made.steps[0].inputs[x] = *inputs;
  return made;
}

std::vector<float> run(const CpuDevice& cpu, const Experiment& e, bool precise) {
  conformance::Session session(cpu.device(), e.setup, precise);
  return session.run(e.steps[0]);
}

std::vector<StorageEntry> storages() {
  std::vector<StorageEntry> some = conformance::plain_types();
  for (const StorageEntry& entry : conformance::gguf_classes())
    if (entry.name == "u4g32" || entry.name == "u8g32") some.push_back(entry);
  return some;
}

TEST(MatmulExperts, GivesTheSameBytesForEveryThreadCount) {
  for (const StorageEntry& storage : storages()) {
    const Experiment e = experiment(storage, 200, nullptr);
    for (const bool precise : {false, true}) {
      for (const std::string& isa : isa_names()) {
        const std::vector<float> want = run(CpuDevice(isa, 1), e, precise);
        for (const std::uint32_t n_threads : {2u, 3u, 5u}) {
          const std::vector<float> got = run(CpuDevice(isa, n_threads), e, precise);
          EXPECT_EQ(std::memcmp(got.data(), want.data(), want.size() * sizeof(float)), 0)
              << storage.name << ", " << isa << ", " << n_threads << " threads";
        }
      }
    }
  }
}

TEST(MatmulExperts, GivesATokenTheSameBytesAloneAndAmongOthers) {
  const CpuDevice cpu(isa_names().back(), 2);
  for (const StorageEntry& storage : storages()) {
    const Experiment all = experiment(storage, 200, nullptr);
    const reference::Matrix& x = all.steps[0].inputs.begin()->second;
    for (const bool precise : {false, true}) {
      const std::vector<float> want = run(cpu, all, precise);
      for (const std::size_t token : {0u, 63u, 64u, 150u, 199u}) {
        const reference::Matrix one = reference::rows_of(x, token, 1);
        const std::vector<float> got = run(cpu, experiment(storage, 1, &one), precise);
        EXPECT_EQ(std::memcmp(got.data(), want.data() + token * 21, 21 * sizeof(float)), 0)
            << storage.name << ", token " << token;
      }
    }
  }
}

TEST(MatmulExperts, IsWithinItsBoundForManyTokensAndLargeExperts) {
  constexpr std::int64_t kOut = 301;
  const CpuDevice cpu(isa_names().back(), 1);
  for (const StorageEntry& storage : storages()) {
    std::vector<conformance::Case> cases;
    const Shape many{"tokens200", {{conformance::run_of(0, 0, 200)}}};
    conformance::put_cases(cases, "matmul_experts", storage.name, {storage, {many}}, [&](Draft& d) {
      const std::uint32_t x = d.input("x", kDim);
      const std::uint32_t routes = d.routes("routes", kExperts, kUsed);
      const std::uint32_t w = d.matrix_of_experts("w", storage, {kExperts, kOut, kDim});
      return d.graph().node({"matmul_experts@1", {x, routes, w}, kUsed * kOut});
    });
    for (const conformance::Case& c : cases) {
      const conformance::Outcome outcome = conformance::check(cpu.device(), c);
      EXPECT_FALSE(outcome.failed()) << c.name << ": " << outcome.text;
    }
  }
}

TEST(MatmulExperts, ReadsNothingBesideItsWeightForRoutesThatAreNone) {
  const CpuDevice cpu(isa_names().back(), 1);
  const StorageEntry f32 = conformance::plain_types()[0];
  conformance::Random random(3);
  Draft d({"", {{conformance::run_of(0, 0, 1)}}}, conformance::InputClass::kNormal, random);
  const std::uint32_t x = d.input("x", kDim), routes = d.graph().input("routes", 2 * kUsed);
  const std::uint32_t w = d.matrix_of_experts("w", f32, {kExperts, 5, kDim});
  Experiment e = d.finish(d.graph().node({"matmul_experts@1", {x, routes, w}, kUsed * 5}));
  for (const double index : {-1.0, 3.0, 1e30, static_cast<double>(NAN)}) {
    reference::Matrix rows(1, 2 * kUsed);
    rows.values = {index, 0.0, 1.0, 1.0};
    e.steps[0].inputs[routes] = rows;
    const std::vector<float> y = run(cpu, e, true);
    EXPECT_EQ(std::memcmp(y.data(), y.data() + 5, 5 * sizeof(float)), 0) << index;
  }
}

TEST(Route, ChoosesDistinctExpertsAmongScoresThatAreNoNumbers) {
  const CpuDevice cpu(isa_names().back(), 1);
  for (const std::int64_t gating : {0, 1}) {
    conformance::Random random(3);
    Draft d({"", {{conformance::run_of(0, 0, 1)}}}, conformance::InputClass::kNormal, random);
    const std::uint32_t scores = d.graph().input("scores", 4);
    Experiment e = d.finish(d.graph().node({"route@1",
                                            {scores, WICK_NONE},
                                            6,
                                            {{"n_used", 3}, {"gating", gating}, {"normalize", 0}},
                                            {{"epsilon", 0.0}, {"scale", 1.0}}}));
    reference::Matrix row(1, 4);
    row.values = {NAN, 1.0, NAN, -INFINITY};
    e.steps[0].inputs[scores] = row;
    const std::vector<float> y = run(cpu, e, true);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_TRUE(y[k] >= 0 && y[k] < 4);
      for (std::size_t j = 0; j < k; ++j) EXPECT_NE(y[k], y[j]);
    }
  }
}

}  // namespace
}  // namespace wick::cpu
