// See quality_report.h.
#include "quality/quality_report.h"

#include <charconv>
#include <string_view>

namespace wick {
namespace {

constexpr std::string_view kWeight = ".weight";

std::optional<std::uint64_t> number_of(std::string_view part) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
  if (part.empty() || error != std::errc() || end != part.data() + part.size()) return {};
  return number;
}

}  // namespace

ChartPlace place_of(const std::string& tensor_name) {
  std::string_view name = tensor_name;
  if (name.size() > kWeight.size() && name.ends_with(kWeight)) name.remove_suffix(kWeight.size());
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    if (const auto layer = number_of(name.substr(begin, end - begin))) {
      // What stands before the number is the same for all layers.
      const std::string_view rest = end < name.size() ? name.substr(end + 1) : std::string_view();
      return {layer, std::string(rest)};
    }
    begin = end + 1;
  }
  return {std::nullopt, std::string(name)};
}

}  // namespace wick
