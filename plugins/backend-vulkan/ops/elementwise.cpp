// add@1 mul@1 scale@1 softcap@1 silu@1 swiglu@1 gelu@1. A sum with a product is that product's.
#include "ops/product.h"
#include "ops/table.h"

namespace wick::vulkan {

namespace {

struct Push {
  std::uint64_t a, b, y;
  std::uint32_t width, n_values;
  float factor;
  std::uint32_t padding = 0;
};

struct Function {
  const char* op;
  std::uint32_t index;  // OP of the shader
  bool takes_two;
  const char* attribute;  // becomes `factor`
};

const Function& function_of(const sdk::GraphNode& node) {
  static const Function functions[] = {
      {"add@1", 0, true, nullptr},     {"mul@1", 1, true, nullptr},
      {"scale@1", 2, false, "factor"}, {"softcap@1", 3, false, "cap"},
      {"silu@1", 4, false, nullptr},   {"swiglu@1", 5, true, nullptr},
      {"gelu@1", 6, false, nullptr}};
  for (const Function& f : functions)
    if (node.op == f.op) return f;
  fail(ErrorCode::kInternal, "vulkan: ", node.op, " is no function of values");
}

}  // namespace

void add_elementwise(Program& program, const sdk::GraphNode& node) {
  if (const sdk::GraphNode* product = program.fusions().product_in(node))
    return add_sum_with_product(program, node, *product);
  if (program.fusions().is_gated(node)) return add_gated_product(program, node);
  const Function& f = function_of(node);
  const std::uint32_t a = program.activation(node, 0), y = node.output;
  const std::uint32_t width = program.width(a);
  const bool is_vector =
      f.takes_two && program.has_input(node, 1) && program.is_weight(node.inputs[1]);
  std::vector<std::uint32_t> reads{a};
  std::uint64_t vector = 0;
  if (is_vector) {
    vector = program.vector(node, 1, width);
  } else if (f.takes_two) {
    reads.push_back(program.activation(node, 1));
    if (program.width(reads[1]) != width) program.refuse(node, "has inputs of different widths");
  }
  if (program.width(y) != width) program.refuse(node, "changes the width");
  const auto factor =
      static_cast<float>(f.attribute ? program.graph().real(node, f.attribute, 1.0) : 0.0);
  const auto pipeline = [&](bool halves) {
    return program.pipeline(Shader::elementwise, kThreads,
                            {{20, f.index}, {21, is_vector ? 1u : 0u}, {22, halves ? 1u : 0u}});
  };
  const std::uint64_t halved_from = program.fusions().halved_from(y);
  const VkPipeline wide = pipeline(false),
                   narrow = program.max_rows(y) >= halved_from ? pipeline(true) : wide;
  program.add_step(node, reads, {y}, [=](Recorder& r) {
    const bool halves = r.n_rows(y) >= halved_from;
    const std::uint32_t n = r.n_rows(y) * width / (halves ? 4 : 1);
    const std::uint64_t b = is_vector || reads.size() < 2 ? vector : r.address(reads[1]);
    r.dispatch_many(halves ? narrow : wide, Push{r.address(a), b, r.address(y), width, n, factor},
                    groups_of(n, kThreads));
  });
}

}  // namespace wick::vulkan
