// A compiled regular expression that parts text. The only place that knows PCRE2.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// Immutable; safe from any thread.
class Regex {
 public:
  /// Throws Error (kInternal): patterns are our data.
  explicit Regex(const std::string& pattern);

  /// Appends the parts of each text, which must be valid UTF-8, to `parts`: every match, and
  /// whatever lies between two matches. In order, without gaps, none empty.
  void split(const std::vector<std::string_view>& texts,
             std::vector<std::string_view>& parts) const;

 private:
  struct Code;
  std::shared_ptr<const Code> code_;
};

}  // namespace wick
