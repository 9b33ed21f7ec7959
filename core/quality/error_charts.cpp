// One small picture for each role of a tensor, all with the same axes: roles compare down and
// across, types within.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "quality/charts.h"
#include "quality/markup.h"
#include "quality/svg.h"

namespace wick {
namespace {

constexpr double kWidth = 246, kHeight = 158, kLeft = 58, kRight = 10, kTop = 26, kBottom = 28;
constexpr double kRadius = 2.2;
constexpr std::size_t kTitleLetters = 26;
constexpr std::size_t kMostPanels = 24;  // a file may name any number of roles

struct Mark {
  std::size_t candidate;
  std::optional<std::uint64_t> layer;
  double error;
  std::string name, type;
};

struct Panels {
  std::vector<std::string> roles;  ///< in the order of the file
  std::map<std::string, std::vector<Mark>> marks;
  double least = 0, most = 0;
  std::uint64_t last_layer = 0;
};

Panels panels_of(const QualityReport& report) {
  Panels panels;
  for (std::size_t i = 0; i < report.candidates.size(); ++i) {
    for (const QuantizedTensor& tensor : report.candidates[i].quantized.tensors) {
      const double error = tensor.relative_error();
      if (!(error > 0)) continue;
      const ChartPlace place = place_of(tensor.name);
      std::vector<Mark>& marks = panels.marks[place.role];
      if (marks.empty()) panels.roles.push_back(place.role);
      marks.push_back({i, place.layer, error, tensor.name, tensor.type});
      panels.least = panels.least == 0 ? error : std::min(panels.least, error);
      panels.most = std::max(panels.most, error);
      panels.last_layer = std::max(panels.last_layer, place.layer.value_or(0));
    }
  }
  return panels;
}

void draw_marks(SvgPicture& picture, const std::vector<Mark>& marks, const Scale& x,
                const Scale& y) {
  std::map<std::size_t, std::vector<Point>> lines;
  const auto place = [&](const Mark& mark) {
    const double at = mark.layer ? x.at(static_cast<double>(*mark.layer)) : (kLeft + kWidth) / 2;
    return Point{at, y.at(mark.error)};
  };
  for (const Mark& mark : marks)
    if (mark.layer) lines[mark.candidate].push_back(place(mark));
  for (auto& [candidate, points] : lines) {
    std::sort(points.begin(), points.end(),
              [](const Point& a, const Point& b) { return a.x < b.x; });
    picture.polyline(points, "curve " + colour_class(candidate));
  }
  for (const Mark& mark : marks)
    picture.circle(place(mark), kRadius, "dot " + colour_class(mark.candidate),
                   fmt::format("{}, {}: {}", shortened(mark.name, 2 * kTitleLetters), mark.type,
                               short_number(mark.error)));
}

std::string panel(const Panels& panels, const std::string& role) {
  const std::vector<Mark>& marks = panels.marks.at(role);
  Scale x =
      Scale::linear(0, static_cast<double>(std::max<std::uint64_t>(1, panels.last_layer)), true);
  Scale y = Scale::logarithmic(panels.least, panels.most);
  x.place(kLeft, kWidth - kRight);
  y.place(kHeight - kBottom, kTop);
  SvgPicture picture(kWidth, kHeight, "Relative error of " + shortened(role, kTitleLetters));
  picture.text({kLeft, 14}, Anchor::kStart, "label", shortened(role, kTitleLetters));
  picture.y_axis(y, kLeft, kWidth - kRight);
  const bool has_layers =
      std::any_of(marks.begin(), marks.end(), [](const Mark& m) { return m.layer.has_value(); });
  if (has_layers) picture.x_axis(x, kHeight - kBottom);
  draw_marks(picture, marks, x, y);
  return std::move(picture).finish();
}

}  // namespace

std::string error_charts(const QualityReport& report) {
  const Panels panels = panels_of(report);
  if (panels.roles.empty()) return "";
  std::string out = "<div class=\"panels\">\n";
  for (std::size_t i = 0; i < std::min(panels.roles.size(), kMostPanels); ++i)
    out += panel(panels, panels.roles[i]);
  out += "</div>\n";
  if (panels.roles.size() > kMostPanels)
    out += fmt::format("<p class=\"note\">{} more kinds of tensors are in the tables alone.</p>\n",
                       panels.roles.size() - kMostPanels);
  return out;
}

}  // namespace wick
