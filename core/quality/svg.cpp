// See svg.h. Coordinates have one decimal: a tenth of a pixel is not seen.
#include "quality/svg.h"

#include <fmt/format.h>

#include "quality/markup.h"

namespace wick {
namespace {

std::string title_element(std::string_view title) {
  return title.empty() ? "" : "<title>" + escape_markup(title) + "</title>";
}

const char* anchor_text(Anchor anchor) {
  return anchor == Anchor::kStart ? "start" : anchor == Anchor::kMiddle ? "middle" : "end";
}

}  // namespace

SvgPicture::SvgPicture(double width, double height, std::string_view title)
    : out_(fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{0:.0f}\" "
                       "height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\">{2}\n",
                       width, height, title_element(title))) {}

void SvgPicture::line(Point from, Point to, std::string_view style) {
  out_ +=
      fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n",
                  from.x, from.y, to.x, to.y, style);
}

void SvgPicture::rectangle(Point corner, double width, double height, std::string_view style,
                           std::string_view title) {
  out_ += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"{}\">{}</rect>\n",
      corner.x, corner.y, width, height, style, title_element(title));
}

void SvgPicture::circle(Point center, double radius, std::string_view style,
                        std::string_view title) {
  out_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" class=\"{}\">{}</circle>\n",
                      center.x, center.y, radius, style, title_element(title));
}

void SvgPicture::polyline(const std::vector<Point>& points, std::string_view style) {
  out_ += fmt::format("<polyline class=\"{}\" points=\"", style);
  for (std::size_t i = 0; i < points.size(); ++i)
    out_ += fmt::format("{}{:.1f},{:.1f}", i == 0 ? "" : " ", points[i].x, points[i].y);
  out_ += "\"/>\n";
}

void SvgPicture::text(Point at, Anchor anchor, std::string_view style, std::string_view text) {
  out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" class=\"{}\">{}</text>\n",
                      at.x, at.y, anchor_text(anchor), style, escape_markup(text));
}

void SvgPicture::y_axis(const Scale& scale, double left, double right) {
  for (const Tick& tick : scale.ticks()) {
    const double y = scale.at(tick.value);
    line({left, y}, {right, y}, "grid");
    text({left - 6, y + 4}, Anchor::kEnd, "tick", tick.label);
  }
}

void SvgPicture::x_axis(const Scale& scale, double bottom) {
  for (const Tick& tick : scale.ticks()) {
    const double x = scale.at(tick.value);
    line({x, bottom}, {x, bottom + 4}, "axis");
    text({x, bottom + 18}, Anchor::kMiddle, "tick", tick.label);
  }
}

std::string SvgPicture::finish() && {
  return std::move(out_) + "</svg>\n";
}

}  // namespace wick
