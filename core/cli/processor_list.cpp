// Parts between commas, each a number or two with a dash.
#include "cli/processor_list.h"

#include <wick/error.h>

#include <numeric>

#include "base/affinity.h"
#include "cli/numbers.h"

namespace wick::cli {
namespace {

int parse_processor(std::string_view subject, std::string_view text) {
  return static_cast<int>(parse_integer(subject, text, {0, kMaxProcessors - 1}));
}

void add_part(std::string_view subject, std::string_view part, std::vector<int>& processors) {
  const std::size_t dash = part.find('-', 1);  // one at the front is a sign, and refused as such
  const int first = parse_processor(subject, part.substr(0, dash));
  const int last =
      dash == std::string_view::npos ? first : parse_processor(subject, part.substr(dash + 1));
  if (last < first)
    fail(ErrorCode::kUsage, subject, ": a range that runs backwards, got '", part, "', need ", last,
         "-", first);
  const std::size_t n = processors.size();
  processors.resize(n + static_cast<std::size_t>(last - first) + 1);
  std::iota(processors.begin() + static_cast<std::ptrdiff_t>(n), processors.end(), first);
}

}  // namespace

std::vector<int> parse_processors(std::string_view subject, std::string_view text) {
  std::vector<int> processors;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    if (part.empty())
      fail(ErrorCode::kUsage, subject, ": an empty part, need numbers of processors, as in 0-7,16");
    add_part(subject, part, processors);
    if (processors.size() > kMaxProcessors)
      fail(ErrorCode::kUsage, subject, ": too long, need at most ", kMaxProcessors, " processors");
    if (comma == std::string_view::npos) return processors;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace wick::cli
