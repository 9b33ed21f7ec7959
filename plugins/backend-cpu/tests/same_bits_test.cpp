// The promise of architecture.md: with one instruction set, a token's result has the same bits for
// any batch, split of the prompt, company and thread count.
#include "conformance/cases/all.h"
#include "conformance/state_checks.h"

#include <gtest/gtest.h>

#include "cpu_device.h"

namespace wick::cpu {
namespace {

using conformance::StateChecks;
using conformance::StorageEntry;

std::vector<StorageEntry> storages() {
  std::vector<StorageEntry> all = conformance::plain_types();
  for (const StorageEntry& entry : conformance::gguf_classes()) all.push_back(entry);
  return all;
}

std::vector<float> logits(const CpuDevice& cpu, const conformance::SmallModel& model,
                          bool precise) {
  conformance::Session session(cpu.device(), model.setup(), precise);
  conformance::Step step;
  step.batch = conformance::BatchFixture({{0, 0, 70, {3, 1, 2}}, {1, 0, 5, {0}}},
                                         [](std::uint32_t s, std::uint32_t p) {
                                           return static_cast<std::int32_t>((s * 31 + p * 7) % 40);
                                         });
  step.batch.want_all();
  return session.run(step);
}

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST(SameBits, ForEveryThreadCount) {
  for (const StorageEntry& storage : storages()) {
    const conformance::SmallModel model(storage, 8, 80);
    for (const bool precise : {false, true}) {
      for (const std::string& isa : isa_names()) {
        const std::vector<float> want = logits(CpuDevice(isa, 1), model, precise);
        for (const std::uint32_t n_threads : {2u, 3u, 4u})
          EXPECT_TRUE(same_bytes(logits(CpuDevice(isa, n_threads), model, precise), want))
              << storage.name << ", " << isa << ", " << n_threads << " threads"
              << (precise ? ", precise" : "");
      }
    }
  }
}

class SameText : public ::testing::TestWithParam<std::string> {};

TEST_P(SameText, GivesTheSameBytesHoweverItIsCut) {
  const CpuDevice cpu(GetParam(), 2);
  for (const StorageEntry& storage : storages()) {
    for (const bool precise : {false, true}) {
      StateChecks checks(cpu.device(), storage, {true, precise});
      for (const std::uint32_t n : {1u, 2u, 3u, 7u, 33u})
        EXPECT_EQ(checks.pieces(n), "") << storage.name << " in pieces of " << n;
      EXPECT_EQ(checks.interleaved(), "") << storage.name;
      EXPECT_EQ(checks.shared_prefix(), "") << storage.name;
      EXPECT_EQ(checks.fork(), "") << storage.name;
      EXPECT_EQ(checks.save_and_restore(), "") << storage.name;
      EXPECT_EQ(checks.resize(), "") << storage.name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cpu, SameText, ::testing::ValuesIn(isa_names()),
                         [](const auto& made) { return isa_case_name(made); });

}  // namespace
}  // namespace wick::cpu
