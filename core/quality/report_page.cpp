// See report_page.h. What a page refuses to load (Content-Security-Policy) cannot be smuggled into
// it by a name either.
#include "quality/report_page.h"

#include <fmt/format.h>

#include <string_view>

#include "base/bytes_text.h"
#include "quality/charts.h"
#include "quality/markup.h"
#include "quality/report_tables.h"
#include "quality/scale.h"

namespace wick {

extern const std::string_view kEmbeddedReportStyle;

namespace {

constexpr std::size_t kOpenRows = 40;  // a longer table of tensors is shown on request

std::string base_name(const std::string& path) {
  std::string_view name = path;
  while (name.size() > 1 && name.back() == '/') name.remove_suffix(1);
  return std::string(name.substr(name.rfind('/') + 1));
}

std::string tile(std::string_view value, std::string_view what) {
  return fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span></div>\n", escape_markup(value),
                     escape_markup(what));
}

std::string tiles(const QualityCandidate& candidate) {
  const QuantizeReport& quantized = candidate.quantized;
  std::string out = "<div class=\"tiles\">\n";
  out += tile(bytes_text(candidate.file_bytes),
              fmt::format("size of the file; its weights are {:.1f} % of the source's",
                          100.0 * static_cast<double>(quantized.output_bytes) /
                              static_cast<double>(quantized.source_bytes)));
  out += tile(fmt::format("{:.2f}", candidate.bits_a_weight()), "bits a weight");
  if (candidate.comparison) {
    const Divergence& d = candidate.comparison->divergence;
    out += tile(short_number(d.kl.value), "divergence from the source: KL, nats, mean");
    out += tile(fmt::format("{:.2f} %", 100 * d.same_top.value), "same likeliest token");
    out += tile(
        fmt::format("{:+.2f} %", 100 * (d.perplexity_ratio.value - 1)),
        fmt::format("perplexity: {:.4f}, was {:.4f}", d.perplexity_b.value, d.perplexity_a.value));
  }
  return out + "</div>\n";
}

std::string section(std::string_view title, std::string_view note, const std::string& content) {
  return fmt::format("<section>\n<h2>{}</h2>\n<p class=\"note\">{}</p>\n{}</section>\n",
                     escape_markup(title), escape_markup(note), content);
}

std::string end_to_end_note(const QualityReport& report) {
  if (report.text.empty())
    return "Predictions were not compared: no text was given, --report-text FILE does.";
  const Comparison& first = *report.candidates.front().comparison;
  return fmt::format(
      "Source and file read {} side by side: {} tokens scored in {} windows of {}, on {}, {}. The "
      "divergence is KL(source || file) of the next token's probabilities, in nats, and 0 where "
      "nothing changed; \xCE\x94p is the change of the right token's probability.",
      base_name(report.text), first.divergence.n_tokens, first.n_windows, report.window,
      report.backends,
      report.is_precise ? "in float32" : "on the device's fast paths, as in everyday use");
}

std::string tensors_section(const QualityReport& report) {
  std::string content;
  for (const QualityCandidate& candidate : report.candidates) {
    const bool is_open =
        report.candidates.size() == 1 && candidate.quantized.tensors.size() <= kOpenRows;
    content += fmt::format("<h2>{}</h2>\n", escape_markup(candidate.quantized.type));
    content += types_table(candidate);
    content += fmt::format("<details{}><summary>All {} tensors</summary>\n",
                           is_open ? " open=\"open\"" : "", candidate.quantized.tensors.size());
    content += tensors_table(candidate) + "</details>\n";
  }
  return "<section>\n" + content + "</section>\n";
}

std::string body(const QualityReport& report) {
  const QualityCandidate& first = report.candidates.front();
  const bool has_output = first.is_kept;
  std::string out = fmt::format(
      "<h1>{}</h1>\n<p class=\"lead\">{}{}, architecture {}, {} weights.</p>\n",
      escape_markup(has_output ? base_name(report.output)
                               : "What quantizing " + base_name(report.source) + " costs"),
      has_output ? escape_markup(first.quantized.type) + ", made of " : "",
      escape_markup(report.source), escape_markup(first.quantized.architecture),
      first.quantized.n_values);
  if (has_output) out += tiles(first);
  out += section("Size and predictions", end_to_end_note(report),
                 size_chart(report) + candidates_table(report));
  const std::string errors = error_charts(report);
  if (!errors.empty())
    out += section("Error of each tensor",
                   "The squared error of what was written over the energy of the source's values, "
                   "by layer. Tensors that lost nothing are left out.",
                   legend(report) + errors);
  out += section("Bytes of each layer", "With embedding, output and what else is in no layer.",
                 layer_charts(report));
  return out + tensors_section(report) +
         fmt::format("<footer>Made by {}.</footer>\n", escape_markup(report.program));
}

}  // namespace

std::string report_page(const QualityReport& report) {
  const std::string& name = report.candidates.front().is_kept ? report.output : report.source;
  return fmt::format(
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<title>{}: what it costs</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n{}</main>\n"
      "</body>\n</html>\n",
      escape_markup(base_name(name)), kEmbeddedReportStyle, body(report));
}

}  // namespace wick
