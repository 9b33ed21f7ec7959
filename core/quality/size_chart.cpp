// Divergence spans orders of magnitude, so its axis is logarithmic; labels step aside for each
// other.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/bytes_text.h"
#include "quality/charts.h"
#include "quality/markup.h"
#include "quality/svg.h"

namespace wick {
namespace {

constexpr double kWidth = 760, kHeight = 380, kLeft = 76, kRight = 24, kTop = 30, kBottom = 52;
constexpr double kRadius = 5, kLetter = 7.2, kLine = 14;  // of labels, in pixels
constexpr double kMebibyte = 1 << 20;
constexpr std::size_t kLabelLetters = 24;

struct Dot {
  std::size_t candidate;
  double size, kl, error;
  Point at = {};
};

struct Box {
  double left, top, right, bottom;
  bool meets(const Box& other) const noexcept {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

std::vector<Dot> dots_of(const QualityReport& report) {
  std::vector<Dot> dots;
  for (std::size_t i = 0; i < report.candidates.size(); ++i) {
    const QualityCandidate& candidate = report.candidates[i];
    // What differs in nothing has no place on the axis; the table has it.
    if (!candidate.comparison || !(candidate.comparison->divergence.kl.value > 0)) continue;
    const Estimate& kl = candidate.comparison->divergence.kl;
    dots.push_back({i, static_cast<double>(candidate.file_bytes) / kMebibyte, kl.value, kl.error});
  }
  return dots;
}

/// Right of the dot, left, above or below: the first place that nothing else takes.
Point label_place(const Dot& dot, std::size_t n_letters, std::vector<Box>& taken) {
  const double width = kLetter * static_cast<double>(n_letters), gap = kRadius + 5;
  const Point corners[] = {{dot.at.x + gap, dot.at.y - kLine / 2},
                           {dot.at.x - gap - width, dot.at.y - kLine / 2},
                           {dot.at.x - width / 2, dot.at.y - gap - kLine},
                           {dot.at.x - width / 2, dot.at.y + gap}};
  for (const Point& corner : corners) {
    const Box box{corner.x, corner.y, corner.x + width, corner.y + kLine};
    const bool is_outside = box.left < kLeft || box.right > kWidth || box.top < 0;
    const auto meets = [&](const Box& other) { return box.meets(other); };
    if (is_outside || std::any_of(taken.begin(), taken.end(), meets)) continue;
    taken.push_back(box);
    return {corner.x, corner.y + kLine - 3};
  }
  return {corners[0].x, corners[0].y + kLine - 3};
}

void draw_dot(SvgPicture& picture, const Dot& dot, const Scale& y, const QualityReport& report) {
  const QualityCandidate& candidate = report.candidates[dot.candidate];
  const double low = std::max(dot.kl - dot.error, y.first()), high = dot.kl + dot.error;
  picture.line({dot.at.x, y.at(low)}, {dot.at.x, y.at(high)}, "whisker");
  picture.circle(
      dot.at, kRadius, "dot " + colour_class(dot.candidate),
      fmt::format("{}: {}, divergence {} +/- {}", candidate.quantized.type,
                  bytes_text(candidate.file_bytes), short_number(dot.kl), short_number(dot.error)));
}

}  // namespace

std::string size_chart(const QualityReport& report) {
  std::vector<Dot> dots = dots_of(report);
  if (dots.size() < 2) return "";
  double least = dots[0].size, most = least, low = dots[0].kl, high = low;
  for (const Dot& dot : dots) {
    least = std::min(least, dot.size), most = std::max(most, dot.size);
    low = std::min(low, dot.kl), high = std::max(high, dot.kl + dot.error);
  }
  Scale x = Scale::linear(least, most, false), y = Scale::logarithmic(low, high);
  x.place(kLeft, kWidth - kRight);
  y.place(kHeight - kBottom, kTop);
  SvgPicture picture(kWidth, kHeight, "Size of the file against divergence from the source");
  picture.y_axis(y, kLeft, kWidth - kRight);
  picture.x_axis(x, kHeight - kBottom);
  picture.text({(kLeft + kWidth - kRight) / 2, kHeight - 10}, Anchor::kMiddle, "axis-title",
               "size of the file, MiB");
  picture.text({kLeft - 60, 14}, Anchor::kStart, "axis-title", "KL, nats");
  std::vector<Box> taken;
  for (Dot& dot : dots) {
    dot.at = {x.at(dot.size), y.at(dot.kl)};
    taken.push_back(
        {dot.at.x - kRadius, dot.at.y - kRadius, dot.at.x + kRadius, dot.at.y + kRadius});
  }
  for (const Dot& dot : dots) draw_dot(picture, dot, y, report);
  for (const Dot& dot : dots) {
    const std::string name =
        shortened(report.candidates[dot.candidate].quantized.type, kLabelLetters);
    picture.text(label_place(dot, std::min(name.size(), kLabelLetters), taken), Anchor::kStart,
                 "label", name);
  }
  return std::move(picture).finish();
}

}  // namespace wick
