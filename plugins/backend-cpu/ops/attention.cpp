// attention@1: a step that writes the new keys and values into their blocks, then one that attends,
// split by tiles of tokens and heads.
#include <algorithm>
#include <cmath>

#include "claims.h"
#include "ops/rows_step.h"
#include "ops/table.h"

namespace wick::cpu {
namespace {

struct Heads {
  std::uint64_t n_heads, n_kv_heads, head_dim, value_dim;
  StatePlace place;
  KvType kv_type;
};

Heads read_heads(const Program& program, const sdk::GraphNode& node) {
  if (node.state == WICK_NONE || !program.states().places[node.state].is_kv)
    program.refuse(node, "needs a state of keys and values");
  const auto number = [&](const char* name) {
    return static_cast<std::uint64_t>(program.graph().integer(node, name, 0));
  };
  Heads h{number("n_heads"),
          number("n_kv_heads"),
          number("head_dim"),
          number("value_dim"),
          program.states().places[node.state],
          program.states().kv_type};
  if (h.place.a != h.n_kv_heads || h.place.b != h.head_dim || h.place.c != h.value_dim ||
      h.value_dim == 0 || h.n_heads == 0 || h.n_heads > (1u << 16) || h.n_heads % h.n_kv_heads != 0)
    program.refuse(node, "has " + std::to_string(h.n_heads) + " heads on " +
                             std::to_string(h.n_kv_heads) + " of keys, which do not fit its state");
  return h;
}

class StoreStep final : public Step {
 public:
  StoreStep(const Heads& heads, const AttentionKernels& kernels, std::uint32_t k, std::uint32_t v,
            std::uint32_t state)
      : heads_(heads), kernel_(kernels.store) {
    reads = {k, v};
    changes = state;
    partition = Partition::rows(false);
    op = "store";
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    const Range mine = share(run.batch->n_tokens, team);
    for (std::uint32_t i = 0; i < run.batch->n_runs; ++i) {
      const wick_run& r = run.batch->runs[i];
      const std::uint64_t begin = std::max<std::uint64_t>(mine.begin, r.first_token);
      const std::uint64_t end = std::min(mine.end, std::uint64_t{r.first_token} + r.n_tokens);
      for (std::uint64_t row = begin, n = 0; row < end; row += n) {
        const std::uint64_t slot = (r.first_position + row - r.first_token) % WICK_BLOCK_TOKENS;
        n = std::min(end - row, WICK_BLOCK_TOKENS - slot);
        put(run, r, row, static_cast<std::uint32_t>(n));
      }
    }
  }

 private:
  /// Rows [row, row + n) of the batch, all of one block.
  void put(const RunContext& run, const wick_run& r, std::uint64_t row,
           std::uint32_t n) const noexcept {
    const std::uint64_t position = r.first_position + row - r.first_token;
    std::uint8_t* block = run.state->block(r.blocks[position / WICK_BLOCK_TOKENS]);
    KvStoreTask task{};
    task.type = heads_.kv_type;
    task.head_dim = static_cast<std::uint32_t>(heads_.head_dim);
    task.value_dim = static_cast<std::uint32_t>(heads_.value_dim);
    task.slot = static_cast<std::uint32_t>(position % WICK_BLOCK_TOKENS);
    task.n_tokens = n;
    task.k_stride = heads_.n_kv_heads * heads_.head_dim;
    task.v_stride = heads_.n_kv_heads * heads_.value_dim;
    for (std::uint64_t head = 0; head < heads_.n_kv_heads; ++head) {
      task.keys = block + heads_.place.at + head * heads_.place.key_bytes;
      task.values = block + heads_.place.values_at + head * heads_.place.value_bytes;
      task.k = run.floats(reads[0]) + row * task.k_stride + head * heads_.head_dim;
      task.v = run.floats(reads[1]) + row * task.v_stride + head * heads_.value_dim;
      kernel_(task);
    }
  }
  Heads heads_;
  void (*kernel_)(const KvStoreTask&);
};

class AttendStep final : public Step {
 public:
  AttendStep(const Heads& heads, const AttentionShape& shape, const AttentionKernels& kernels)
      : heads_(heads), shape_(shape), kernel_(kernels.attend) {
    scratch_bytes = attention_scratch(shape) * sizeof(float);
    hands_out = true;
  }
  void run(const RunContext& run, const sdk::Team& team) const noexcept override {
    std::uint8_t* scratch = run.scratch + team.thread() * run.scratch_bytes;
    const std::uint32_t group = shape_.n_queries_per_token;
    const std::uint64_t n = std::uint64_t{run.n_tiles} * heads_.n_kv_heads;
    const std::uint32_t n_at_once = heads_per_claim(group, n, team.n_threads());
    const std::uint64_t n_parts = (group + n_at_once - 1) / n_at_once;
    claim_each(run, *this, n * n_parts, [&](std::uint64_t claim) {
      const std::uint64_t i = claim / n_parts;
      // Of one run all tiles of a head in a row, because they read the same keys and values; of
      // several all heads of a tile, because a long run must not come last.
      const bool alone = run.batch->n_runs == 1;
      const TokenTile& tile = run.tiles[alone ? i % run.n_tiles : i / heads_.n_kv_heads];
      const std::uint64_t kv_head = alone ? i / run.n_tiles : i % heads_.n_kv_heads;
      const std::uint64_t first = claim % n_parts * n_at_once;
      attend(run, tile,
             {kv_head * group + first,
              kv_head * group + std::min<std::uint64_t>(first + n_at_once, group)},
             scratch);
    });
  }

 private:
  /// Query heads of one head of keys.
  void attend(const RunContext& run, const TokenTile& tile, Range heads,
              std::uint8_t* scratch) const noexcept {
    const wick_run& r = run.batch->runs[tile.run];
    const std::uint64_t row = r.first_token + tile.first;
    const std::uint64_t kv_head = heads.begin / shape_.n_queries_per_token;
    AttentionTask task{};
    task.shape = shape_;
    task.shape.n_queries_per_token = static_cast<std::uint32_t>(heads.end - heads.begin);
    task.state_blocks = run.state->blocks();
    task.blocks = r.blocks;
    task.keys_at = heads_.place.at + kv_head * heads_.place.key_bytes;
    task.values_at = heads_.place.values_at + kv_head * heads_.place.value_bytes;
    task.q_stride = heads_.n_heads * heads_.head_dim;
    task.q = run.floats(reads[0]) + row * task.q_stride + heads.begin * heads_.head_dim;
    task.y_stride = heads_.n_heads * heads_.value_dim;
    task.y = run.floats(writes[0]) + row * task.y_stride + heads.begin * heads_.value_dim;
    task.first_position = r.first_position + tile.first;
    task.n_tokens = tile.n_tokens;
    task.scratch = reinterpret_cast<float*>(scratch);
    kernel_(task);
  }
  Heads heads_;
  AttentionShape shape_;
  void (*kernel_)(const AttentionTask&);
};

AttentionShape read_shape(const Program& program, const sdk::GraphNode& node, const Heads& h) {
  AttentionShape s{};
  s.head_dim = static_cast<std::uint32_t>(h.head_dim);
  s.value_dim = static_cast<std::uint32_t>(h.value_dim);
  s.n_queries_per_token = static_cast<std::uint32_t>(h.n_heads / h.n_kv_heads);
  const std::int64_t window = program.graph().integer(node, "window", 0);
  if (window < 0) program.refuse(node, "has a negative window");
  s.window = static_cast<std::uint64_t>(window);
  s.scale = static_cast<float>(
      program.graph().real(node, "scale", 1.0 / std::sqrt(static_cast<double>(h.head_dim))));
  s.softcap = static_cast<float>(program.graph().real(node, "softcap", 0.0));
  s.kv_type = h.kv_type;
  return s;
}

}  // namespace

void add_attention(Program& program, const sdk::GraphNode& node) {
  const Heads heads = read_heads(program, node);
  const std::uint32_t q = program.activation(node, 0), k = program.activation(node, 1),
                      v = program.activation(node, 2), y = node.output;
  if (program.width(q) != heads.n_heads * heads.head_dim ||
      program.width(k) != heads.n_kv_heads * heads.head_dim ||
      program.width(v) != heads.n_kv_heads * heads.value_dim ||
      program.width(y) != heads.n_heads * heads.value_dim)
    program.refuse(node, "has inputs that are not as wide as its heads");
  for (const std::uint32_t value : {q, k, v, y})
    if (program.rows_are_outputs(value)) program.refuse(node, "needs rows of tokens");
  const std::uint32_t state = program.state_value(node.state);
  const AttentionKernels& kernels = *program.kernels().attention;
  program.add_step(std::make_unique<StoreStep>(heads, kernels, k, v, state));
  auto step = std::make_unique<AttendStep>(heads, read_shape(program, node, heads), kernels);
  step->reads = {q, state};
  step->writes = {y};
  program.add_step(std::move(step));
}

}  // namespace wick::cpu
