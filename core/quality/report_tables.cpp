// See report_tables.h.
#include "quality/report_tables.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "base/bytes_text.h"
#include "quality/charts.h"
#include "quality/markup.h"
#include "quality/scale.h"

namespace wick {
namespace {

enum class Cells { kText, kNumbers, kNames };  // names may be long, and break

struct Heading {
  std::string title;
  Cells cells = Cells::kText;
};

std::string class_of(Cells cells) {
  return cells == Cells::kText ? "" : cells == Cells::kNumbers ? " class=\"n\"" : " class=\"name\"";
}

/// Cells are markup already.
std::string table(const std::vector<Heading>& headings,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=\"scroll\"><table>\n<thead><tr>";
  for (const Heading& heading : headings)
    out += fmt::format("<th{}>{}</th>", class_of(heading.cells), escape_markup(heading.title));
  out += "</tr></thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      out += fmt::format("<td{}>{}</td>", class_of(headings[i].cells), row[i]);
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table></div>\n";
}

std::string with_error(double value, double error) {
  return fmt::format("{} <small>\xC2\xB1 {}</small>", short_number(value), short_number(error));
}

std::string percent(double share, int places) {
  return fmt::format("{:.{}f} %", 100 * share, places);
}

void add_figures(std::vector<std::string>& row, const Comparison& comparison) {
  const Divergence& d = comparison.divergence;
  row.push_back(with_error(d.kl.value, d.kl.error));
  row.push_back(short_number(d.kl_median));
  row.push_back(short_number(d.kl_q99));
  row.push_back(short_number(d.kl_max));
  row.push_back(percent(d.same_top.value, 2));
  row.push_back(fmt::format("{:.4f}", d.perplexity_b.value));
  row.push_back(fmt::format("{:.4f} <small>\xC2\xB1 {:.4f}</small>", d.perplexity_ratio.value,
                            d.perplexity_ratio.error));
  row.push_back(percent(d.rms_delta_p.value, 3));
}

std::string shape_text(const std::vector<std::uint64_t>& dims) {
  std::string text;
  for (const std::uint64_t dim : dims)
    text += (text.empty() ? "" : " \xC3\x97 ") + std::to_string(dim);
  return text;
}

/// Squared error over energy, of all tensors of a type.
struct TypeTotal {
  std::uint64_t n_tensors = 0, n_values = 0, n_bytes = 0;
  double squared_error = 0, energy = 0;
};

}  // namespace

std::string candidates_table(const QualityReport& report) {
  std::vector<Heading> headings = {{"type"},
                                   {"file", Cells::kNumbers},
                                   {"of source", Cells::kNumbers},
                                   {"bits a weight", Cells::kNumbers}};
  const bool has_text = !report.text.empty();
  if (has_text)
    for (const char* title : {"divergence (KL)", "median", "99 %", "largest", "same token",
                              "perplexity", "ratio", "RMS \xCE\x94p"})
      headings.push_back({title, Cells::kNumbers});
  std::vector<std::vector<std::string>> rows;
  const QuantizeReport& first = report.candidates.front().quantized;
  std::vector<std::string> source = {
      "source", "", "",
      fmt::format("{:.2f}", 8.0 * static_cast<double>(first.source_bytes) /
                                static_cast<double>(first.n_values))};
  if (has_text) {
    source.resize(headings.size());
    source[9] =
        fmt::format("{:.4f}", report.candidates.front().comparison->divergence.perplexity_a.value);
  }
  rows.push_back(source);
  for (const QualityCandidate& candidate : report.candidates) {
    const QuantizeReport& quantized = candidate.quantized;
    std::vector<std::string> row = {escape_markup(quantized.type), bytes_text(candidate.file_bytes),
                                    percent(static_cast<double>(quantized.output_bytes) /
                                                static_cast<double>(quantized.source_bytes),
                                            1),
                                    fmt::format("{:.2f}", candidate.bits_a_weight())};
    if (candidate.comparison) add_figures(row, *candidate.comparison);
    rows.push_back(std::move(row));
  }
  return table(headings, rows);
}

std::string types_table(const QualityCandidate& candidate) {
  std::map<std::string, TypeTotal> totals;
  for (const QuantizedTensor& tensor : candidate.quantized.tensors) {
    TypeTotal& total = totals[tensor.type];
    ++total.n_tensors;
    total.n_values += tensor.n_values;
    total.n_bytes += tensor.n_bytes;
    total.squared_error += tensor.squared_error;
    total.energy += tensor.energy;
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& [type, total] : totals)
    rows.push_back({escape_markup(type), std::to_string(total.n_tensors),
                    std::to_string(total.n_values), bytes_text(total.n_bytes),
                    percent(static_cast<double>(total.n_bytes) /
                                static_cast<double>(candidate.quantized.output_bytes),
                            1),
                    short_number(total.squared_error > 0 ? total.squared_error / total.energy
                                                         : total.squared_error)});
  return table({{"type"},
                {"tensors", Cells::kNumbers},
                {"weights", Cells::kNumbers},
                {"size", Cells::kNumbers},
                {"of all", Cells::kNumbers},
                {"relative error", Cells::kNumbers}},
               rows);
}

std::string tensors_table(const QualityCandidate& candidate) {
  std::vector<std::vector<std::string>> rows;
  for (const QuantizedTensor& tensor : candidate.quantized.tensors)
    rows.push_back({escape_markup(tensor.name), shape_text(tensor.dims),
                    escape_markup(tensor.source_type), escape_markup(tensor.type),
                    fmt::format("{:.2f}", tensor.bits()), bytes_text(tensor.n_bytes),
                    short_number(tensor.relative_error())});
  return table({{"tensor", Cells::kNames},
                {"shape", Cells::kNumbers},
                {"from"},
                {"to"},
                {"bits", Cells::kNumbers},
                {"size", Cells::kNumbers},
                {"relative error", Cells::kNumbers}},
               rows);
}

}  // namespace wick
