// What an architecture plugin may write, and what is refused before a backend sees it.
#include "graph/builder.h"

#include <gtest/gtest.h>
#include <wick/error.h>
#include <wick/sdk/graph_builder.h>
#include <wick/sdk/graph_view.h>

#include "graph/op_list.h"

namespace wick {
namespace {

using sdk::GraphBuilder;
using sdk::Value;

Builder tiny() {
  return Builder({{"embd", {{10, 8}, true}},
                  {"norm", {{8}, true}},
                  {"head_norm", {{4}, true}},
                  {"wide", {{12, 8}, true}},
                  {"conv", {{8, 3}, true}},
                  {"experts", {{5, 6, 8}, true}},
                  {"more_experts", {{5, 8, 6}, true}},
                  {"no_expert_bias", {{5}, false}},
                  {"expert_bias", {{10}, true}},
                  {"absent", {{8}, false}}});
}

ErrorCode error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.code();
  }
  return ErrorCode::kOk;
}

TEST(Builder, KeepsWhatTheArchitectureWrote) {
  Builder builder = tiny();
  GraphBuilder g(&builder_api(), builder.to_abi());
  const Value x =
      g.layer(3).op("rms_norm@1", {g.embed("embd"), g.weight("norm")}, {}, {{"epsilon", 0.5}});
  g.logits(g.matmul("wide", g.select_rows(x)));
  const Graph graph = builder.finish();
  const sdk::GraphView view(&graph_api(), to_abi(graph));
  ASSERT_EQ(view.nodes().size(), 4u);
  EXPECT_EQ(view.nodes()[1].op, "rms_norm@1");
  EXPECT_EQ(view.nodes()[1].layer, 3);
  EXPECT_EQ(view.real(view.nodes()[1], "epsilon", 0), 0.5);
  EXPECT_EQ(view.integer(view.nodes()[1], "epsilon", 7), 7) << "a real is no integer";
  const sdk::GraphValue& logits = view.values()[view.nodes()[3].output];
  EXPECT_TRUE(logits.is_output);
  EXPECT_EQ(logits.name, "logits");
  EXPECT_EQ(logits.dims, (std::vector<std::int64_t>{WICK_DIM_OUTPUTS, 12}));
}

sdk::RouteConfig route(std::int64_t n_used) {
  sdk::RouteConfig c;
  c.n_used = n_used;
  return c;
}

TEST(Builder, JoinsTheExpertsOfAToken) {
  Builder builder = tiny();
  GraphBuilder g(&builder_api(), builder.to_abi());
  const Value x = g.embed("embd");
  const Value routes = g.route(g.slice(x, 0, 5), route(3), g.weight("no_expert_bias"));
  const Value each = g.matmul_experts("experts", x, routes);
  const Value own = g.matmul_experts("more_experts", each, routes);
  g.logits(g.combine(own, routes));
  const Graph graph = builder.finish();
  const auto width = [&](Value v) { return graph.values[v.index()].dims[1]; };
  EXPECT_EQ(width(routes), 6);
  EXPECT_EQ(width(each), 3 * 6);
  EXPECT_EQ(width(own), 3 * 8);
  EXPECT_EQ(graph.values.back().dims, (std::vector<std::int64_t>{WICK_DIM_TOKENS, 8}));
}

TEST(Builder, GivesColumnsAndValuesOfTheLargest) {
  Builder builder = tiny();
  GraphBuilder g(&builder_api(), builder.to_abi());
  const Value x = g.select_rows(g.embed("embd"));
  const Value some = g.top_k(x, 3), all = g.top_k(x, 8);
  g.logits(x);
  const Graph graph = builder.finish();
  EXPECT_EQ(graph.values[some.index()].dims, (std::vector<std::int64_t>{WICK_DIM_OUTPUTS, 6}));
  EXPECT_EQ(graph.values[all.index()].dims, (std::vector<std::int64_t>{WICK_DIM_OUTPUTS, 16}));
}

TEST(Builder, GivesOneValueForAWeightThatIsUsedTwice) {
  Builder builder = tiny();
  GraphBuilder g(&builder_api(), builder.to_abi());
  EXPECT_EQ(g.weight("embd").index(), g.weight("embd").index());
  EXPECT_FALSE(g.weight("absent"));
}

TEST(Builder, RefusesAGraphWithoutLogits) {
  Builder builder = tiny();
  GraphBuilder(&builder_api(), builder.to_abi()).embed("embd");
  EXPECT_EQ(error_of([&] { builder.finish(); }), ErrorCode::kInternal);
}

struct Misuse {
  const char* name;
  ErrorCode code;
  std::function<void(const GraphBuilder&, Value)> write;
};
std::ostream& operator<<(std::ostream& out, const Misuse& m) {
  return out << m.name;
}

class Misuses : public testing::TestWithParam<Misuse> {};

TEST_P(Misuses, AreRefused) {
  Builder builder = tiny();
  GraphBuilder g(&builder_api(), builder.to_abi());
  const Value x = g.embed("embd");
  EXPECT_EQ(error_of([&] { GetParam().write(g, x); }), GetParam().code);
}

sdk::RopeConfig rope(std::int64_t head_dim, std::int64_t n_rotary) {
  sdk::RopeConfig c;
  c.head_dim = head_dim;
  c.n_rotary = n_rotary;
  return c;
}

sdk::AttentionConfig heads(std::int64_t n, std::int64_t n_kv, std::int64_t dim) {
  sdk::AttentionConfig c;
  c.n_heads = n;
  c.n_kv_heads = n_kv;
  c.head_dim = c.value_dim = dim;
  return c;
}

const Misuse kMisuses[] = {
    {"unknown_op", ErrorCode::kUnavailable,
     [](const GraphBuilder& g, Value x) { g.op("teleport@1", {x}); }},
    {"newer_op", ErrorCode::kUnavailable,
     [](const GraphBuilder& g, Value x) { g.op("silu@2", {x}); }},
    {"undeclared_weight", ErrorCode::kInternal,
     [](const GraphBuilder& g, Value) { g.weight("nobody"); }},
    {"missing_input", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) {
       g.op("add@1", {x, Value()});
     }},
    {"too_few_inputs", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.op("add@1", {x}); }},
    {"value_of_nowhere", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.add(x, Value(99)); }},
    {"weight_as_activation", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value) { g.silu(g.weight("embd")); }},
    {"matmul_of_other_width", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.matmul("wide", g.slice(x, 0, 4)); }},
    {"norm_that_does_not_divide", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.rms_norm(g.slice(x, 0, 6), "head_norm", 1e-5); }},
    {"norm_without_epsilon", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) {
       g.op("rms_norm@1", {x, g.weight("norm")});
     }},
    {"slice_beyond", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.slice(x, 4, 5); }},
    {"rope_of_odd_pairs", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.rope(x, rope(4, 3)); }},
    {"rope_of_other_heads", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.rope(x, rope(3, 2)); }},
    {"attention_of_other_width", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.attention(x, x, x, heads(2, 2, 8)); }},
    {"attention_of_uneven_groups", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.attention(x, x, x, heads(4, 3, 2)); }},
    {"attention_without_state", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) {
       g.op("attention@1", {x, x, x});
     }},
    {"conv_of_other_width", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.short_conv(x, "conv", 4, 8); }},
    {"more_experts_than_scores", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.route(x, route(9)); }},
    {"no_experts", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.route(x, route(0)); }},
    {"expert_bias_of_other_length", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.route(x, route(2), g.weight("expert_bias")); }},
    {"route_without_gating", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) {
       g.op("route@1", {x, Value()}, {{"n_used", 2}}, {{"epsilon", 0.0}, {"scale", 1.0}});
     }},
    {"experts_of_other_width", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) {
       g.matmul_experts("more_experts", x, g.route(x, route(2)));
     }},
    {"experts_of_a_matrix", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.matmul_experts("wide", x, g.route(x, route(2))); }},
    {"more_routes_than_experts", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.matmul_experts("experts", x, g.route(x, route(6))); }},
    {"routes_of_other_rows", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) {
       g.matmul_experts("experts", x, g.route(g.select_rows(x), route(2)));
     }},
    {"combined_of_other_width", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.combine(x, g.route(x, route(3))); }},
    {"largest_of_fewer_columns", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.top_k(x, 9); }},
    {"largest_of_none", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.top_k(x, 0); }},
    {"rows_selected_twice", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.select_rows(g.select_rows(x)); }},
    {"rows_of_two_kinds", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.add(x, g.select_rows(x)); }},
    {"cap_of_zero", ErrorCode::kBadShape,
     [](const GraphBuilder& g, Value x) { g.softcap(x, 0.0); }},
    {"output_of_a_weight", ErrorCode::kInternal,
     [](const GraphBuilder& g, Value) { g.logits(g.weight("embd")); }},
};

INSTANTIATE_TEST_SUITE_P(Builder, Misuses, testing::ValuesIn(kMisuses),
                         [](const testing::TestParamInfo<Misuse>& which) {
                           return which.param.name;
                         });

TEST(OpList, KnowsWhichWeightsAreMatrices) {
  EXPECT_EQ(find_op("embed@1")->use_of(0), WICK_USE_EMBED);
  EXPECT_EQ(find_op("matmul@1")->use_of(1), WICK_USE_MATMUL);
  EXPECT_EQ(find_op("matmul_experts@1")->use_of(2), WICK_USE_MATMUL);
  EXPECT_EQ(find_op("route@1")->use_of(1), WICK_USE_VECTOR);
  EXPECT_EQ(find_op("short_conv@1")->use_of(1), WICK_USE_VECTOR);
}

TEST(OpList, HasEveryOpOnceAndWithAVersion) {
  for (const OpRow& row : all_ops()) {
    EXPECT_EQ(find_op(row.name), &row);
    EXPECT_NE(row.name.find('@'), std::string_view::npos);
  }
}

}  // namespace
}  // namespace wick
