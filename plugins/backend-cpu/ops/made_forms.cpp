// See made_forms.h.
#include "ops/made_forms.h"

#include <algorithm>

#include "ops/matmul_input.h"

namespace wick::cpu {
namespace {

/// What a reader wants instead of the value itself; nothing where it reads that.
std::optional<InputForm> wanted_form(const Program& program, const sdk::GraphNode& reader,
                                     std::uint32_t value) {
  if (reader.op != "matmul@1" || reader.inputs[0] != value) return std::nullopt;
  const BoundWeight w = program.weight(reader, 1, false);
  const ProductKernel kernel = product_kernel(program, *w.layout, program.rows_are_outputs(value));
  return input_form(program, kernel, program.width(value));
}

}  // namespace

std::vector<std::uint32_t> MadeForms::all_values() const {
  std::vector<std::uint32_t> all;
  if (has_floats) all.push_back(value);
  for (const auto& [form, made] : forms) all.push_back(made);
  return all;
}

std::string MadeForms::name_of(const std::string& op) const {
  return forms.empty() ? op : op + "+quantize";
}

void MadeForms::write(const RunContext& run, std::uint64_t row,
                      const Columns& columns) const noexcept {
  for (const auto& [form, made] : forms)
    form.write(columns, run.values[made] + row * form.part_bytes());
}

MadeForms prepare_forms(Program& program, std::uint32_t value) {
  const std::vector<const sdk::GraphNode*>& readers = program.uses().readers(value);
  MadeForms made{value, readers.empty() || program.values()[value].is_external, {}};
  for (const sdk::GraphNode* reader : readers) {
    const std::optional<InputForm> form = wanted_form(program, *reader, value);
    if (!form) made.has_floats = true;
    if (!form) continue;
    program.shared(form->key(value, 1), [&] {
      const std::uint32_t held =
          program.add_value(form->part_bytes(), program.rows_are_outputs(value));
      made.forms.emplace_back(*form, held);
      return held;
    });
  }
  return made;
}

}  // namespace wick::cpu
