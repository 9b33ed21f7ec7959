// The held text is shorter than the longest stop text, so a plain search will do.
#include "generate/stop_filter.h"

#include <algorithm>
#include <utility>

namespace wick {

StopFilter::StopFilter(std::vector<std::string> stops) : stops_(std::move(stops)) {
  std::erase(stops_, std::string());
}

std::string StopFilter::push(std::string_view text) {
  if (stopped_) return {};
  held_ += text;
  for (std::size_t begin = 0; begin < held_.size(); ++begin) {
    const std::string_view rest = std::string_view(held_).substr(begin);
    bool may_become = false;
    for (const std::string& stop : stops_) {
      stopped_ = stopped_ || rest.starts_with(stop);
      may_become = may_become || std::string_view(stop).starts_with(rest);
    }
    // A longer one that begins here needs no waiting: the text ends here whichever it is.
    if (!stopped_ && !may_become) continue;
    std::string shown = held_.substr(0, begin);
    held_.erase(0, stopped_ ? held_.size() : begin);
    return shown;
  }
  return std::exchange(held_, {});
}

std::string StopFilter::finish() {
  return std::exchange(held_, {});
}

}  // namespace wick
