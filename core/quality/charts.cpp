// What all pictures of a report share.
#include "quality/charts.h"

#include <fmt/format.h>

#include "quality/markup.h"

namespace wick {
namespace {

constexpr std::size_t kColours = 8;  // of report.css
constexpr std::size_t kLegendLetters = 40;

}  // namespace

std::string colour_class(std::size_t i) {
  return i < kColours ? "c" + std::to_string(i) : "cx";
}

std::string legend(const QualityReport& report) {
  if (report.candidates.size() < 2) return "";
  std::string out = "<div class=\"legend\">\n";
  for (std::size_t i = 0; i < report.candidates.size(); ++i)
    out += fmt::format(
        "<span><svg width=\"10\" height=\"10\" viewBox=\"0 0 10 10\"><rect width=\"10\" "
        "height=\"10\" rx=\"2\" class=\"{}\"/></svg>{}</span>\n",
        colour_class(i),
        escape_markup(shortened(report.candidates[i].quantized.type, kLegendLetters)));
  return out + "</div>\n";
}

}  // namespace wick
