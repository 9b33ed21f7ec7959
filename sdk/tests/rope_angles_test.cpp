// The angles of rope@1 against the oracle's, and the attributes that give none.
#include <wick/sdk/rope_angles.h>

#include "conformance/graph_fixture.h"
#include "conformance/reference/rope.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace wick::sdk {
namespace {

RopeParameters some_rope() {
  RopeParameters p;
  p.head_dim = 64;
  p.n_rotary = 32;
  return p;
}

RopeParameters yarn() {
  RopeParameters p = some_rope();
  p.scale = 0.25;
  p.ext_factor = 1.0;
  p.attn_factor = 1.5;
  p.original_context = 4096;
  return p;
}

std::vector<float> written(const RopeAngles& angles, std::uint64_t n_positions) {
  std::vector<float> table(n_positions * angles.n_pairs() * 2);
  angles.write(n_positions, reinterpret_cast<std::uint8_t*>(table.data()));
  return table;
}

reference::RopeParameters oracle_of(const RopeParameters& p) {
  return {p.head_dim, p.n_rotary,   p.layout,      p.original_context, p.base,
          p.scale,    p.ext_factor, p.attn_factor, p.beta_fast,        p.beta_slow};
}

void expect_as_oracle(const RopeParameters& p, const std::vector<float>* factors) {
  constexpr std::uint64_t kPositions = 5000;
  const RopeAngles angles(p, factors);
  ASSERT_EQ(angles.n_pairs(), static_cast<std::uint64_t>(p.n_rotary / 2));
  const std::vector<float> table = written(angles, kPositions);
  const reference::RopeParameters q = oracle_of(p);
  const double magnitude = reference::rope_magnitude(q);
  // Rounding to f32, of values of the magnitude; the angles of f64 differ by far less.
  const double bound = magnitude * (0x1p-24 + 1e-10);
  for (std::uint64_t position = 0; position < kPositions; position += 7)
    for (std::size_t i = 0; i < angles.n_pairs(); ++i) {
      const double factor = factors ? static_cast<double>((*factors)[i]) : 1.0;
      const double angle = reference::rope_angle(q, i, static_cast<double>(position), factor);
      const float* pair = table.data() + (position * angles.n_pairs() + i) * 2;
      ASSERT_NEAR(pair[0], std::cos(angle) * magnitude, bound) << position << " pair " << i;
      ASSERT_NEAR(pair[1], std::sin(angle) * magnitude, bound) << position << " pair " << i;
    }
}

TEST(RopeAngles, AreTheOracles) {
  expect_as_oracle(some_rope(), nullptr);
}

TEST(RopeAngles, AreScaled) {
  RopeParameters p = some_rope();
  p.scale = 0.125;
  p.attn_factor = 0.5;
  expect_as_oracle(p, nullptr);
}

TEST(RopeAngles, AreDividedByFactors) {
  std::vector<float> factors(16, 1.0f);
  factors[0] = 3.0f, factors[15] = 0.25f;
  expect_as_oracle(some_rope(), &factors);
}

TEST(RopeAngles, KeepFastPairsByYarn) {
  expect_as_oracle(yarn(), nullptr);
}

TEST(RopeAngles, AreEqualWhereTheyTurnAlike) {
  RopeParameters halves = some_rope();
  halves.layout = 1;
  halves.head_dim = 128;
  EXPECT_TRUE(RopeAngles(some_rope(), nullptr) == RopeAngles(halves, nullptr));
  const std::vector<float> ones(16, 1.0f), twos(16, 2.0f);
  EXPECT_TRUE(RopeAngles(some_rope(), &ones) == RopeAngles(some_rope(), nullptr));
  EXPECT_FALSE(RopeAngles(some_rope(), &twos) == RopeAngles(some_rope(), nullptr));
  RopeParameters louder = some_rope();
  louder.attn_factor = 2.0;
  EXPECT_FALSE(RopeAngles(louder, nullptr) == RopeAngles(some_rope(), nullptr));
}

TEST(RopeParameters, AreReadFromTheNode) {
  conformance::TestGraph graph;
  const std::uint32_t x = graph.input("x", 128);
  graph.node({"rope@1", {x}, 128, {{"head_dim", 64}}});
  graph.node({"rope@1",
              {x},
              128,
              {{"head_dim", 64}, {"n_rotary", 8}, {"layout", 1}, {"original_context", 512}},
              {{"base", 5e5},
               {"scale", 0.5},
               {"ext_factor", 1.0},
               {"attn_factor", 1.5},
               {"beta_fast", 16.0},
               {"beta_slow", 2.0}}});
  const GraphView view(conformance::graph_api(), graph.handle());
  const RopeParameters plain = rope_parameters(view, view.nodes()[0]);
  EXPECT_EQ(plain.n_rotary, 64) << "the whole head";
  EXPECT_EQ(plain.base, 10000.0);
  const RopeParameters p = rope_parameters(view, view.nodes()[1]);
  EXPECT_EQ(p.n_rotary, 8);
  EXPECT_EQ(p.layout, 1);
  EXPECT_EQ(p.original_context, 512);
  EXPECT_EQ(p.base, 5e5);
  EXPECT_EQ(p.scale, 0.5);
  EXPECT_EQ(p.ext_factor, 1.0);
  EXPECT_EQ(p.attn_factor, 1.5);
  EXPECT_EQ(p.beta_fast, 16.0);
  EXPECT_EQ(p.beta_slow, 2.0);
}

TEST(RopeParameters, CanTurnRowsOfWholeHeads) {
  EXPECT_TRUE(some_rope().can_turn(64));
  EXPECT_TRUE(some_rope().can_turn(640));
  EXPECT_FALSE(some_rope().can_turn(96));
}

TEST(RopeParameters, MustGoTogether) {
  const auto can = [](auto change) {
    RopeParameters p = yarn();
    change(p);
    return p.can_turn(64);
  };
  EXPECT_TRUE(can([](auto&) {}));
  EXPECT_FALSE(can([](auto& p) { p.head_dim = 0; }));
  EXPECT_FALSE(can([](auto& p) { p.head_dim = -64; }));
  EXPECT_FALSE(can([](auto& p) { p.n_rotary = 0; }));
  EXPECT_FALSE(can([](auto& p) { p.n_rotary = 31; }));
  EXPECT_FALSE(can([](auto& p) { p.n_rotary = 66; }));
  EXPECT_FALSE(can([](auto& p) { p.layout = 2; }));
  EXPECT_FALSE(can([](auto& p) { p.base = 0.0; }));
  EXPECT_FALSE(can([](auto& p) { p.base = std::numeric_limits<double>::quiet_NaN(); }));
  EXPECT_FALSE(can([](auto& p) { p.original_context = 0; }));
}

}  // namespace
}  // namespace wick::sdk
