// See device_numbers.h. The last '=' is ours: names of devices come from drivers.
#include "cli/device_numbers.h"

#include <wick/error.h>

#include <string_view>

#include "cli/numbers.h"

namespace wick::cli {
namespace {

constexpr std::int64_t kMostLayers = 1 << 20;
constexpr std::string_view kUnits = "KMGT";

template <class Parse>
std::vector<DeviceNumber> parse_each(const Arguments& arguments, const std::string& option,
                                     const Parse& parse) {
  std::vector<DeviceNumber> numbers;
  for (const std::string& part : list_option(arguments, option)) {
    const std::size_t at = part.rfind('=');
    if (at == std::string::npos || at == 0)
      fail(ErrorCode::kUsage, arguments.command(), ": --", option, ": '", part,
           "' is no device and its number, need NAME=N");
    const std::string subject = arguments.command() + ": --" + option + " " + part.substr(0, at);
    numbers.push_back({part.substr(0, at), parse(subject, std::string_view(part).substr(at + 1))});
  }
  return numbers;
}

}  // namespace

std::uint64_t parse_bytes(const std::string& subject, std::string_view text) {
  const std::size_t unit = text.empty() ? kUnits.npos : kUnits.find(text.back());
  const unsigned shift = unit == kUnits.npos ? 0 : 10 * (static_cast<unsigned>(unit) + 1);
  if (shift > 0) text.remove_suffix(1);
  const std::int64_t most = INT64_MAX >> shift;
  return static_cast<std::uint64_t>(parse_integer(subject, text, {0, most})) << shift;
}

std::vector<DeviceNumber> device_counts(const Arguments& arguments, const std::string& option) {
  return parse_each(arguments, option, [](const std::string& subject, std::string_view text) {
    return static_cast<std::uint64_t>(parse_integer(subject, text, {0, kMostLayers}));
  });
}

std::vector<DeviceNumber> device_bytes(const Arguments& arguments, const std::string& option) {
  return parse_each(arguments, option, parse_bytes);
}

}  // namespace wick::cli
