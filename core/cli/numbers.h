// Values of options as numbers, checked. Not for numbers from files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"

namespace wick::cli {

/// Inclusive bounds.
struct IntegerRange {
  std::int64_t least, most;
};
struct RealRange {
  double least, most;
};

/// The whole text must be one number within the range. Errors: kUsage, `subject` first.
std::int64_t parse_integer(std::string_view subject, std::string_view text, IntegerRange range);
/// The same; NaN and infinities are refused.
double parse_real(std::string_view subject, std::string_view text, RealRange range);

/// Of an option that may be absent.
std::optional<std::int64_t> integer_option(const Arguments& arguments, const std::string& name,
                                           IntegerRange range);
std::optional<double> real_option(const Arguments& arguments, const std::string& name,
                                  RealRange range);

/// "a,b" as {"a", "b"}; an empty part is kUsage.
std::vector<std::string> list_option(const Arguments& arguments, const std::string& name);

}  // namespace wick::cli
