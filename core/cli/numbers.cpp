// std::from_chars: no locale, no white space, no silent overflow.
#include "cli/numbers.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <charconv>
#include <cmath>
#include <system_error>

namespace wick::cli {
namespace {

std::string subject_of(const Arguments& arguments, const std::string& name) {
  return arguments.command() + ": --" + name;
}

}  // namespace

std::int64_t parse_integer(std::string_view subject, std::string_view text, IntegerRange range) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool is_number = error != std::errc::invalid_argument && stop == end && !text.empty();
  if (!is_number)
    fail(ErrorCode::kUsage, subject, ": not a whole number, got '", text, "', need ", range.least,
         " to ", range.most);
  if (error == std::errc::result_out_of_range || value < range.least || value > range.most)
    fail(ErrorCode::kUsage, subject, ": out of range, got ", text, ", need ", range.least, " to ",
         range.most);
  return value;
}

double parse_real(std::string_view subject, std::string_view text, RealRange range) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool is_number = error != std::errc::invalid_argument && stop == end && !text.empty();
  const std::string need = fmt::format("need {} to {}", range.least, range.most);
  if (!is_number || std::isnan(value))
    fail(ErrorCode::kUsage, subject, ": not a number, got '", text, "', ", need);
  if (error == std::errc::result_out_of_range || value < range.least || value > range.most)
    fail(ErrorCode::kUsage, subject, ": out of range, got ", text, ", ", need);
  return value;
}

std::optional<std::int64_t> integer_option(const Arguments& arguments, const std::string& name,
                                           IntegerRange range) {
  if (!arguments.has(name)) return std::nullopt;
  return parse_integer(subject_of(arguments, name), arguments.text(name), range);
}

std::optional<double> real_option(const Arguments& arguments, const std::string& name,
                                  RealRange range) {
  if (!arguments.has(name)) return std::nullopt;
  return parse_real(subject_of(arguments, name), arguments.text(name), range);
}

std::vector<std::string> list_option(const Arguments& arguments, const std::string& name) {
  std::vector<std::string> parts;
  if (!arguments.has(name)) return parts;
  const std::string text = arguments.text(name);
  std::size_t begin = 0;
  while (true) {
    const std::size_t comma = text.find(',', begin);
    parts.push_back(text.substr(begin, comma - begin));
    if (parts.back().empty())
      fail(ErrorCode::kUsage, subject_of(arguments, name), ": an empty part, got '", text,
           "', need names with commas between them");
    if (comma == std::string::npos) return parts;
    begin = comma + 1;
  }
}

}  // namespace wick::cli
