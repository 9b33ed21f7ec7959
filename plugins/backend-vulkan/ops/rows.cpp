// embed@1, slice@1, select_rows@1: rows that are looked up or cut.
#include "ops/table.h"
#include "ops/weight_place.h"

namespace wick::vulkan {
namespace {

struct EmbedPush {
  std::uint64_t w, y, tokens;
  WeightPlace place;
  std::uint32_t width, n_rows;
};

struct CopyPush {
  std::uint64_t x, y, outputs;
  std::uint32_t begin, n_cols, width;
  std::uint32_t padding = 0;
};

void add_copy(Program& program, const sdk::GraphNode& node, bool select, std::uint32_t begin,
              std::uint32_t n_cols) {
  const std::uint32_t x = program.activation(node, 0), y = node.output;
  const std::uint32_t width = program.width(x);
  if (program.width(y) != n_cols) program.refuse(node, "makes another width than it says");
  const VkPipeline pipeline = program.pipeline(Shader::copy, kThreads, {{20, select ? 1u : 0u}});
  program.add_step(node, {x}, {y}, [=](Recorder& r) {
    r.dispatch(pipeline,
               CopyPush{r.address(x), r.address(y), r.batch().outputs(), begin, n_cols, width},
               groups_of(n_cols, kThreads), r.n_rows(y));
  });
}

}  // namespace

void add_embed(Program& program, const sdk::GraphNode& node) {
  const BoundWeight table = program.matrix(node, 0);
  const std::uint32_t y = node.output, width = program.width(y);
  if (table.layout->n_cols != width) program.refuse(node, "has a table of another width");
  program.need_vocab(table.layout->n_rows);
  const std::uint64_t w = table.weight ? table.weight->address() : 0;
  const Layout* layout = table.layout;
  const VkPipeline pipeline =
      program.pipeline(Shader::embed, kThreads, packing_constants(layout->packing));
  program.add_step(node, {}, {y}, [=](Recorder& r) {
    r.dispatch(
        pipeline,
        EmbedPush{w, r.address(y), r.batch().tokens(), WeightPlace(*layout), width, r.n_tokens()},
        groups_of(groups_of(width, 4), kThreads), r.n_tokens());
  });
}

void add_slice(Program& program, const sdk::GraphNode& node) {
  const std::uint32_t width = program.width(program.activation(node, 0));
  const std::int64_t begin = program.graph().integer(node, "begin", 0);
  const std::int64_t length = program.graph().integer(node, "length", 0);
  if (begin < 0 || length <= 0 || begin > width || length > width - begin)
    program.refuse(node, "cuts columns that do not exist");
  add_copy(program, node, false, static_cast<std::uint32_t>(begin),
           static_cast<std::uint32_t>(length));
}

void add_select_rows(Program& program, const sdk::GraphNode& node) {
  add_copy(program, node, true, 0, program.width(program.activation(node, 0)));
}

}  // namespace wick::vulkan
