// add@1 mul@1 scale@1 softcap@1 silu@1 swiglu@1 gelu@1. A sum with a product is that product's.
#include "ops/product.h"
#include "ops/table.h"

namespace wick::opencl {
namespace {

struct Function {
  const char* op;
  std::uint32_t index;  // OP of the kernel
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
  fail(ErrorCode::kInternal, "opencl: ", node.op, " is no function of values");
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
  cl_mem vector = nullptr;
  if (is_vector) {
    vector = program.vector(node, 1, width);
  } else if (f.takes_two) {
    reads.push_back(program.activation(node, 1));
    if (program.width(reads[1]) != width) program.refuse(node, "has inputs of different widths");
  }
  if (program.width(y) != width) program.refuse(node, "changes the width");
  const auto factor =
      static_cast<float>(f.attribute ? program.graph().real(node, f.attribute, 1.0) : 0.0);
  const Kernel kernel =
      program.kernel(KernelFile::elementwise, {{"OP", f.index}, {"IS_VECTOR", is_vector ? 1 : 0}});
  program.add_step(node, reads, {y}, [=](Launcher& l) {
    const std::uint32_t n = l.n_rows(y) * width;
    const cl_mem b = reads.size() < 2 ? vector : l.memory(reads[1]);
    l.run(kernel, items(n, kThreads), l.memory(a), b, l.memory(y), width, n, factor);
  });
}

}  // namespace wick::opencl
