// Bars of one picture for each candidate, all with the same axis. What is in no layer is one bar at
// the end.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "base/bytes_text.h"
#include "quality/charts.h"
#include "quality/markup.h"
#include "quality/svg.h"

namespace wick {
namespace {

constexpr double kHeight = 170, kWidth = 346, kWidthAlone = 760;  // the last: of a single picture
constexpr double kLeft = 52, kRight = 8, kTop = 28, kBottom = 44;
constexpr double kMebibyte = 1 << 20, kMostGap = 2;
constexpr std::size_t kTitleLetters = 40;

struct Layers {
  std::map<std::uint64_t, std::uint64_t> bytes;  ///< by number
  std::uint64_t rest = 0;
  std::uint64_t most() const {
    std::uint64_t most = rest;
    for (const auto& [layer, n] : bytes) most = std::max(most, n);
    return most;
  }
};

Layers layers_of(const QualityCandidate& candidate) {
  Layers layers;
  for (const QuantizedTensor& tensor : candidate.quantized.tensors) {
    const ChartPlace place = place_of(tensor.name);
    (place.layer ? layers.bytes[*place.layer] : layers.rest) += tensor.n_bytes;
  }
  return layers;
}

/// Of one candidate of the report.
std::string picture_of(const QualityReport& report, std::size_t candidate, const Layers& layers,
                       Scale y) {
  const std::string& type = report.candidates[candidate].quantized.type;
  const double width = report.candidates.size() == 1 ? kWidthAlone : kWidth;
  SvgPicture picture(width, kHeight, "Bytes of each layer as " + shortened(type, kTitleLetters));
  y.place(kHeight - kBottom, kTop);
  picture.text({kLeft, 14}, Anchor::kStart, "label", shortened(type, kTitleLetters));
  picture.text({kLeft - 6, 14}, Anchor::kEnd, "axis-title", "MiB");
  picture.y_axis(y, kLeft, width - kRight);
  // Slots: layers, a gap of one, the rest.
  const auto n_slots = static_cast<double>(layers.bytes.size() + 2);
  const double slot = (width - kRight - kLeft) / n_slots, gap = std::min(kMostGap, slot / 4);
  const double bottom = kHeight - kBottom;
  double x = kLeft;
  const auto bar = [&](std::uint64_t bytes, const std::string& style, const std::string& name) {
    const double top = y.at(static_cast<double>(bytes) / kMebibyte);
    picture.rectangle({x + gap / 2, top}, slot - gap, bottom - top, style,
                      name + ": " + bytes_text(bytes));
    x += slot;
  };
  // At most some ten labels fit.
  const std::size_t step = layers.bytes.size() / 10 + 1;
  std::size_t i = 0;
  for (const auto& [layer, bytes] : layers.bytes) {
    if (i++ % step == 0)
      picture.text({x + slot / 2, bottom + 16}, Anchor::kMiddle, "tick", std::to_string(layer));
    bar(bytes, "bar " + colour_class(candidate), "layer " + std::to_string(layer));
  }
  picture.text({(kLeft + x) / 2, kHeight - 10}, Anchor::kMiddle, "axis-title", "layer");
  x += slot;
  if (layers.rest > 0) bar(layers.rest, "bar rest " + colour_class(candidate), "in no layer");
  picture.text({width - kRight, bottom + 16}, Anchor::kEnd, "tick", "the rest");
  return std::move(picture).finish();
}

}  // namespace

std::string layer_charts(const QualityReport& report) {
  std::vector<Layers> all;
  std::uint64_t most = 0;
  for (const QualityCandidate& candidate : report.candidates) {
    all.push_back(layers_of(candidate));
    most = std::max(most, all.back().most());
  }
  const Scale y = Scale::linear(0, static_cast<double>(most) / kMebibyte, true);
  std::string out = "<div class=\"panels\">\n";
  for (std::size_t i = 0; i < all.size(); ++i) out += picture_of(report, i, all[i], y);
  return out + "</div>\n";
}

}  // namespace wick
