// Finds stop texts in a stream and holds back what may become one. Not for end tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// Text goes in piece by piece; what push() returns can be shown at once.
class StopFilter {
 public:
  /// Empty texts are left out.
  explicit StopFilter(std::vector<std::string> stops);

  /// What is certain not to be part of a stop text; the first that is complete ends the text.
  /// Nothing once stopped().
  std::string push(std::string_view text);
  /// What was held back, at the end of the text; nothing once stopped().
  std::string finish();
  bool stopped() const noexcept { return stopped_; }

 private:
  std::vector<std::string> stops_;
  std::string held_;
  bool stopped_ = false;
};

}  // namespace wick
