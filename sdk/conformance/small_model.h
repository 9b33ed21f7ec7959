// A model of one layer with every kind of state, for checks of what backends keep between tokens.
#pragma once

#include "conformance/cases/attention.h"
#include "conformance/cases/rope.h"
#include "conformance/cases/short_conv.h"

#include <string>
#include <utility>

namespace wick::conformance {

/// Vocabulary of Draft::vocab_size() tokens, n_blocks blocks, batches of at most max_tokens.
class SmallModel {
 public:
  SmallModel(const StorageEntry& storage, std::uint32_t n_blocks, std::uint32_t max_tokens) {
    Random random(seed_of("small_model_" + storage.name));
    Draft draft({"", {}}, InputClass::kNormal, random);
    const std::uint32_t logits = build(draft, storage);
    setup_ = std::move(draft.finish(logits).setup);
    setup_.n_blocks = n_blocks;
    setup_.max_tokens = max_tokens;
  }
  const Setup& setup() const { return setup_; }

 private:
  static constexpr std::int64_t kDim = 256;
  static std::uint32_t matmul(Draft& d, const char* name, const StorageEntry& storage,
                              std::uint32_t x) {
    const std::uint32_t w = matrix(d, name, storage, kDim);
    return d.graph().node({"matmul@1", {x, w}, kDim});
  }
  /// Small enough that the softmax is not one position: a random class has values of any size.
  static std::uint32_t matrix(Draft& d, const char* name, const StorageEntry& storage,
                              std::size_t n_rows) {
    const std::uint32_t w = d.matrix(name, storage, n_rows, kDim);
    WeightData& data = d.weight(w);
    for (float& scale : data.scales) scale = 0x1p-9f;
    for (float& min : data.mins) min = 0x1p-9f;
    return w;
  }
  static std::uint32_t norm(Draft& d, const char* name, std::uint32_t x) {
    const std::uint32_t w = d.vector(name, kDim, 1.0);
    return d.graph().node({"rms_norm@1", {x, w}, kDim, {}, {{"epsilon", 1e-5}}});
  }
  static std::uint32_t rotate(Draft& d, std::uint32_t x) {
    return d.graph().node({"rope@1",
                           {x, WICK_NONE},
                           kDim,
                           {{"head_dim", 32}, {"n_rotary", 32}, {"layout", 0}},
                           {{"base", 10000.0}, {"scale", 1.0}}});
  }

  static std::uint32_t build(Draft& d, const StorageEntry& storage) {
    TestGraph& g = d.graph();
    const std::uint32_t table = matrix(d, "table", storage, Draft::vocab_size());
    d.weight(table).use = WICK_USE_EMBED | WICK_USE_MATMUL;
    const std::uint32_t x = norm(d, "embed_norm", g.node({"embed@1", {table}, kDim}));
    const std::uint32_t q = rotate(d, matmul(d, "q", storage, x));
    const std::uint32_t k = rotate(d, matmul(d, "k", storage, x));
    const std::uint32_t v = matmul(d, "v", storage, x);
    const std::uint32_t kv = g.state("kv", 8, 32, 32);
    const std::uint32_t attended = g.node(
        {"attention@1",
         {q, k, v},
         kDim,
         {{"n_heads", 8}, {"n_kv_heads", 8}, {"head_dim", 32}, {"value_dim", 32}, {"window", 0}},
         {{"scale", 0.02}, {"softcap", 0.0}},
         kv});
    const std::uint32_t sum = g.node({"add@1", {x, norm(d, "attn_norm", attended)}, kDim});
    const std::uint32_t kernel = d.add_weight(
        "kernel", {kDim, 3},
        plain_weight(WICK_TYPE_F32,
                     make_input(InputClass::kNormal, static_cast<std::size_t>(kDim), 3, d.random()),
                     WICK_USE_VECTOR));
    const std::uint32_t conv = g.state("conv", 3, static_cast<std::uint64_t>(kDim), 0);
    const std::uint32_t mixed = g.node({"short_conv@1", {sum, kernel}, kDim, {}, {}, conv});
    const std::uint32_t last = norm(d, "out_norm", g.node({"add@1", {sum, mixed}, kDim}));
    const std::uint32_t some = g.node({"select_rows@1", {last}, kDim});
    return g.node({"matmul@1", {some, table}, Draft::vocab_size()});
  }

  Setup setup_;
};

}  // namespace wick::conformance
