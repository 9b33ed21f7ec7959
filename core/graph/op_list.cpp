// The op list and its shape rules. A rule sees inputs that are there, of a known kind, with
// positive dimensions.
#include "graph/op_list.h"

#include <wick/error.h>

#include <cmath>

namespace wick {
namespace {

using Dims = std::vector<std::int64_t>;

std::int64_t width(const Value& v) {
  return v.dims.back();
}

const Value& activation(const OpUse& use, std::size_t i) {
  const Value& v = *use.inputs[i];
  if (v.kind == WICK_VALUE_WEIGHT || v.dims.size() != 2)
    use.refuse("input " + std::to_string(i) + " is a weight, need an activation");
  return v;
}

const Value& weight(const OpUse& use, std::size_t i, std::size_t n_dims) {
  const Value& v = *use.inputs[i];
  if (v.kind != WICK_VALUE_WEIGHT || v.dims.size() != n_dims)
    use.refuse("input " + std::to_string(i) + " is no weight of " + std::to_string(n_dims) +
               " dimensions");
  return v;
}

std::string got_need(const char* what, std::int64_t got, std::int64_t need) {
  return std::string(what) + ", got " + std::to_string(got) + ", need " + std::to_string(need);
}

Dims embed(const OpUse& use) {
  return {WICK_DIM_TOKENS, width(weight(use, 0, 2))};
}

Dims matmul(const OpUse& use) {
  const Value& x = activation(use, 0);
  const Value& w = weight(use, 1, 2);
  if (width(x) != width(w))
    use.refuse(got_need("the input is as wide as the weight's rows are long", width(x), width(w)));
  return {x.dims[0], w.dims[0]};
}

Dims elementwise(const OpUse& use) {
  const Value& a = activation(use, 0);
  const Value& b = *use.inputs[1];
  if (width(a) != width(b)) use.refuse(got_need("both inputs have one width", width(b), width(a)));
  if (b.kind == WICK_VALUE_WEIGHT ? b.dims.size() != 1 : b.dims != a.dims)
    use.refuse("the inputs have different rows");
  return a.dims;
}

Dims norm(const OpUse& use) {
  const Value& x = activation(use, 0);
  const std::int64_t part = width(weight(use, 1, 1));
  if (width(x) % part != 0)
    use.refuse(got_need("the weight's length divides the width", part, width(x)));
  if (use.inputs.size() > 2 && use.inputs[2] && width(weight(use, 2, 1)) != part)
    use.refuse(got_need("the bias is as long as the weight", width(*use.inputs[2]), part));
  if (!(use.real("epsilon") >= 0)) use.refuse("epsilon is negative");
  return x.dims;
}

Dims rope(const OpUse& use) {
  const Value& x = activation(use, 0);
  const std::int64_t head_dim = use.integer("head_dim", 1, width(x));
  const std::int64_t n_rotary = use.integer("n_rotary", 2, head_dim);
  use.integer("layout", 0, 1);
  for (const char* name : {"scale", "ext_factor", "attn_factor", "beta_fast", "beta_slow"})
    use.real(name);
  if (!(use.real("base") > 0)) use.refuse("the frequency base is not positive");
  if (width(x) % head_dim != 0 || n_rotary % 2 != 0)
    use.refuse("heads or pairs do not divide the width");
  if (use.inputs[1] && width(weight(use, 1, 1)) != n_rotary / 2)
    use.refuse(got_need("one frequency factor a pair", width(*use.inputs[1]), n_rotary / 2));
  return x.dims;
}

Dims attention(const OpUse& use) {
  constexpr std::int64_t kMost = 1 << 20;
  const std::int64_t n_heads = use.integer("n_heads", 1, kMost),
                     n_kv_heads = use.integer("n_kv_heads", 1, n_heads);
  const std::int64_t head_dim = use.integer("head_dim", 1, kMost),
                     value_dim = use.integer("value_dim", 1, kMost);
  use.integer("window", 0, INT64_MAX);
  use.real("scale"), use.real("softcap");
  if (n_heads % n_kv_heads != 0)
    use.refuse(got_need("n_kv_heads divides n_heads", n_kv_heads, n_heads));
  const std::int64_t need[] = {n_heads * head_dim, n_kv_heads * head_dim, n_kv_heads * value_dim};
  for (std::size_t i = 0; i < 3; ++i)
    if (width(activation(use, i)) != need[i])
      use.refuse(got_need("width of input", width(*use.inputs[i]), need[i]));
  const auto as = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  if (use.state->a != as(n_kv_heads) || use.state->b != as(head_dim) ||
      use.state->c != as(value_dim))
    use.refuse("the layer's state was declared with other dimensions");
  return {WICK_DIM_TOKENS, n_heads * value_dim};
}

Dims short_conv(const OpUse& use) {
  const Value& x = activation(use, 0);
  const Value& kernel = weight(use, 1, 2);
  if (kernel.dims[0] != width(x))
    use.refuse(got_need("one kernel a channel", kernel.dims[0], width(x)));
  if (use.state->a != static_cast<std::uint64_t>(width(kernel)) ||
      use.state->b != static_cast<std::uint64_t>(width(x)))
    use.refuse("the layer's state was declared with other dimensions");
  return x.dims;
}

Dims route(const OpUse& use) {
  // An expert's index is a value of f32, and its row of scores one of a batch.
  constexpr std::int64_t kMostExperts = 1 << 16;
  const Value& scores = activation(use, 0);
  const std::int64_t n_experts = width(scores);
  if (n_experts > kMostExperts)
    use.refuse(got_need("there are too many experts", n_experts, kMostExperts));
  const std::int64_t n_used = use.integer("n_used", 1, n_experts);
  use.integer("gating", 0, 1), use.integer("normalize", 0, 1);
  use.real("scale");
  if (!(use.real("epsilon") >= 0)) use.refuse("epsilon is negative");
  if (use.inputs[1] && width(weight(use, 1, 1)) != n_experts)
    use.refuse(got_need("one bias an expert", width(*use.inputs[1]), n_experts));
  return {scores.dims[0], 2 * n_used};
}

/// Experts of a token, by its routes, which have the rows of `x`.
std::int64_t n_used_of(const OpUse& use, const Value& x, const Value& routes) {
  if (width(routes) % 2 != 0 || routes.dims[0] != x.dims[0])
    use.refuse("the routes are no result of route@1 for these rows");
  return width(routes) / 2;
}

Dims matmul_experts(const OpUse& use) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  const Value& x = activation(use, 0);
  const Value& w = weight(use, 2, 3);
  const std::int64_t n_used = n_used_of(use, x, activation(use, 1));
  const std::int64_t n_out = w.dims[1], n_in = width(w);
  if (n_used > w.dims[0])
    use.refuse(got_need("more experts are used than there are", n_used, w.dims[0]));
  if (n_out > kMost / n_used || n_in > kMost / n_used) use.refuse("the experts are too large");
  if (width(x) != n_in && width(x) != n_used * n_in)
    use.refuse(
        got_need("the input has one part for all, or one for each used expert", width(x), n_in));
  return {x.dims[0], n_used * n_out};
}

Dims combine(const OpUse& use) {
  const Value& y = activation(use, 0);
  const std::int64_t n_used = n_used_of(use, y, activation(use, 1));
  if (width(y) % n_used != 0)
    use.refuse(got_need("the used experts do not divide the width", n_used, width(y)));
  return {y.dims[0], width(y) / n_used};
}

Dims same_two(const OpUse& use) {
  if (activation(use, 0).dims != activation(use, 1).dims)
    use.refuse("the inputs have different shapes");
  return use.inputs[0]->dims;
}

Dims same(const OpUse& use) {
  return activation(use, 0).dims;
}

Dims softcap(const OpUse& use) {
  if (!(use.real("cap") > 0)) use.refuse("the cap is not positive");
  return same(use);
}

Dims scale(const OpUse& use) {
  return use.real("factor"), same(use);
}

Dims slice(const OpUse& use) {
  const Value& x = activation(use, 0);
  const std::int64_t begin = use.integer("begin", 0, width(x) - 1);
  return {x.dims[0], use.integer("length", 1, width(x) - begin)};
}

Dims top_k(const OpUse& use) {
  // A column's index is a value of f32.
  constexpr std::int64_t kMostColumns = 1 << 24;
  const Value& x = activation(use, 0);
  if (width(x) > kMostColumns)
    use.refuse(got_need("there are too many columns", width(x), kMostColumns));
  return {x.dims[0], 2 * use.integer("k", 1, width(x))};
}

Dims select_rows(const OpUse& use) {
  const Value& x = activation(use, 0);
  if (x.dims[0] != WICK_DIM_TOKENS) use.refuse("rows were selected before");
  return {WICK_DIM_OUTPUTS, width(x)};
}

}  // namespace

void OpUse::refuse(const std::string& what) const {
  fail(ErrorCode::kBadShape, where, ": ", op, ": ", what);
}

std::int64_t OpUse::integer(std::string_view name, std::int64_t low, std::int64_t high) const {
  const auto found = attributes->find(name);
  const std::int64_t* number =
      found == attributes->end() ? nullptr : std::get_if<std::int64_t>(&found->second);
  if (!number) refuse("attribute " + std::string(name) + " is missing, need an integer");
  if (*number < low || *number > high)
    refuse("attribute " + std::string(name) + " is " + std::to_string(*number) + ", need " +
           std::to_string(low) + " to " + std::to_string(high));
  return *number;
}

double OpUse::real(std::string_view name) const {
  const auto found = attributes->find(name);
  const double* number = found == attributes->end() ? nullptr : std::get_if<double>(&found->second);
  if (!number || !std::isfinite(*number))
    refuse("attribute " + std::string(name) + " is missing or not finite");
  return *number;
}

const std::vector<OpRow>& all_ops() noexcept {
  static const std::vector<OpRow> rows = {
      {"embed@1", 1, 0, "", embed, {0, WICK_USE_EMBED}},
      {"matmul@1", 2, 0, "", matmul, {1, WICK_USE_MATMUL}},
      {"add@1", 2, 0, "", elementwise},
      {"mul@1", 2, 0, "", elementwise},
      {"rms_norm@1", 2, 0, "", norm},
      {"layer_norm@1", 3, 1, "", norm},
      {"rope@1", 2, 1, "", rope},
      {"attention@1", 3, 0, "kv", attention},
      {"short_conv@1", 2, 0, "conv", short_conv},
      {"swiglu@1", 2, 0, "", same_two},
      {"silu@1", 1, 0, "", same},
      {"gelu@1", 1, 0, "", same},
      {"softcap@1", 1, 0, "", softcap},
      {"scale@1", 1, 0, "", scale},
      {"route@1", 2, 1, "", route},
      {"matmul_experts@1", 3, 0, "", matmul_experts, {2, WICK_USE_MATMUL}},
      {"combine@1", 2, 0, "", combine},
      {"slice@1", 1, 0, "", slice},
      {"select_rows@1", 1, 0, "", select_rows},
      {"top_k@1", 1, 0, "", top_k},
  };
  return rows;
}

const OpRow* find_op(std::string_view name) noexcept {
  for (const OpRow& row : all_ops())
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace wick
