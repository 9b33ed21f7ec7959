// A picture as SVG inside an HTML page. Colours are the page's: shapes have classes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quality/scale.h"

namespace wick {

struct Point {
  double x = 0, y = 0;
};

enum class Anchor { kStart, kMiddle, kEnd };

/// Elements in the order of the calls. `style` is a class of the page's style sheet; texts are
/// escaped. A title shows where the pointer rests.
class SvgPicture {
 public:
  /// title: what it shows, for those who cannot see it.
  SvgPicture(double width, double height, std::string_view title);

  void line(Point from, Point to, std::string_view style);
  void rectangle(Point corner, double width, double height, std::string_view style,
                 std::string_view title);
  void circle(Point center, double radius, std::string_view style, std::string_view title);
  void polyline(const std::vector<Point>& points, std::string_view style);
  void text(Point at, Anchor anchor, std::string_view style, std::string_view text);

  /// Grid lines and labels of an axis at the left, from `left` to `right`.
  void y_axis(const Scale& scale, double left, double right);
  /// Ticks and labels below `bottom`.
  void x_axis(const Scale& scale, double bottom);

  /// The whole element.
  std::string finish() &&;

 private:
  std::string out_;
};

}  // namespace wick
