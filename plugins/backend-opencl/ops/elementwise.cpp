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

/// An operand, which may be columns of wider rows.
struct Operand {
  std::uint32_t value;
  cl_uint2 cut;  // first column, width of a row
};

Operand operand_of(const Program& program, const sdk::GraphNode& node, std::size_t i) {
  const sdk::GraphNode* slice = program.fusions().slice_before(node, i);
  const std::uint32_t value = program.activation(slice ? *slice : node, slice ? 0 : i);
  const std::uint32_t begin = slice ? cut_of(program, *slice).begin : 0;
  return {value, {{begin, program.width(value)}}};
}

/// A mul@1 of activations of which one or both are slices.
void add_sliced_mul(Program& program, const sdk::GraphNode& node) {
  const Operand a = operand_of(program, node, 0), b = operand_of(program, node, 1);
  const std::uint32_t y = node.output, width = program.width(y);
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}})
    if (program.width(program.activation(node, i)) != width)
      program.refuse(node, "has inputs of different widths");
  const Kernel kernel =
      program.kernel(KernelFile::elementwise, {{"OP", 1}, {"IS_VECTOR", 0}, {"SLICED", 1}});
  program.add_step(node, {a.value, b.value}, {y}, [=](Launcher& l) {
    const std::uint32_t n = l.n_rows(y) * width;
    l.run(kernel, items(n, kThreads), l.memory(a.value), l.memory(b.value), l.memory(y), width, n,
          0.0f, a.cut, b.cut);
  });
}

}  // namespace

void add_elementwise(Program& program, const sdk::GraphNode& node) {
  if (const sdk::GraphNode* product = program.fusions().product_in(node))
    return add_sum_with_product(program, node, *product);
  if (program.fusions().is_gated(node)) return add_gated_product(program, node);
  if (program.fusions().slice_before(node, 0) || program.fusions().slice_before(node, 1))
    return add_sliced_mul(program, node);
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
  const Kernel kernel = program.kernel(
      KernelFile::elementwise, {{"OP", f.index}, {"IS_VECTOR", is_vector ? 1 : 0}, {"SLICED", 0}});
  program.add_step(node, reads, {y}, [=](Launcher& l) {
    const std::uint32_t n = l.n_rows(y) * width;
    const cl_mem b = reads.size() < 2 ? vector : l.memory(reads[1]);
    l.run(kernel, items(n, kThreads), l.memory(a), b, l.memory(y), width, n, factor, cl_uint2{},
          cl_uint2{});
  });
}

}  // namespace wick::opencl
