// See quantize_plan.h.
#include "cli/quantize_plan.h"

#include <fmt/format.h>
#include <wick/error.h>

#include "base/bytes_text.h"
#include "cli/table.h"
#include "files/quoted.h"

namespace wick::cli {
namespace {

std::string bits_text(std::uint64_t bytes, std::uint64_t n_values) {
  return fmt::format("{:.2f}", 8.0 * static_cast<double>(bytes) / static_cast<double>(n_values));
}

}  // namespace

std::string quantize_plan_text(const QuantizePlan& plan) {
  std::vector<std::vector<std::string>> rows;
  for (const PlannedTensor& tensor : plan.tensors) {
    const std::uint64_t bytes = tensor.n_rows * tensor.type.bytes(tensor.n_cols);
    rows.push_back({escaped(tensor.name), fmt::format("{} x {}", tensor.n_cols, tensor.n_rows),
                    escaped(tensor.stored.layout.name), escaped(tensor.type.layout.name),
                    bits_text(bytes, tensor.n_rows * tensor.n_cols),
                    bytes_text(tensor.n_rows * tensor.stored_row_bytes()), bytes_text(bytes)});
  }
  const QuantizeReport& report = plan.report;
  rows.push_back({"total", fmt::format("{}", report.n_values), "", escaped(report.type),
                  bits_text(report.output_bytes, report.n_values), bytes_text(report.source_bytes),
                  bytes_text(report.output_bytes)});
  return table_text({{"tensor"},
                     {"values", true},
                     {"from"},
                     {"to"},
                     {"bits", true},
                     {"size", true},
                     {"new size", true}},
                    rows);
}

std::vector<OptionSpec> user_type_options() {
  return {
      completing(Completes::kTypeOfPattern,
                 {"tensor-type", 0, "PATTERN=TYPE",
                  "of matrices in whose names the regular expression is found; may be given again, "
                  "the first counts",
                  true}),
      completing(Completes::kTypes, {"output-type", 0, "TYPE",
                                     "of the output matrix, or the embedding that stands for it"}),
      completing(Completes::kTypes, {"embedding-type", 0, "TYPE", "of the token embedding"})};
}

UserTypes user_types(const Arguments& arguments) {
  UserTypes types;
  for (const std::string& text : arguments.texts("tensor-type")) {
    const std::size_t sign = text.rfind('=');  // a pattern may hold one, a type none
    if (sign == std::string::npos || sign == 0 || sign + 1 == text.size())
      fail(ErrorCode::kUsage, "quantize: --tensor-type ", wick::quoted(text),
           ": need PATTERN=TYPE, as in 'attn_v=F16'");
    types.tensors.emplace_back(text.substr(0, sign), text.substr(sign + 1));
  }
  types.output = arguments.text("output-type");
  types.embedding = arguments.text("embedding-type");
  return types;
}

}  // namespace wick::cli
