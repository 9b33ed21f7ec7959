// A compiled regular expression that parts text, or is looked for in it. The only place that knows
// PCRE2.
#pragma once

#include <wick/error.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// Where a pattern comes from, for what its errors say.
struct RegexOrigin {
  std::string subject = "tokenizer";
  ErrorCode code = ErrorCode::kInternal;  ///< of a wrong pattern: those of our data are our fault
  std::uint32_t max_steps = UINT32_MAX;   ///< of a match; more is an error
};

/// Immutable; safe from any thread.
class Regex {
 public:
  /// Errors: origin.code.
  explicit Regex(const std::string& pattern, RegexOrigin origin = {});

  /// Whether it matches anywhere in the text, which must be valid UTF-8.
  bool is_in(std::string_view text) const;

  /// Appends the parts of each text, which must be valid UTF-8, to `parts`: every match, and
  /// whatever lies between two matches. In order, without gaps, none empty.
  void split(const std::vector<std::string_view>& texts,
             std::vector<std::string_view>& parts) const;

 private:
  struct Code;
  std::shared_ptr<const Code> code_;
};

}  // namespace wick
