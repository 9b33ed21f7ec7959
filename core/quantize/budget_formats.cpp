// See budget_formats.h.
#include "quantize/budget_formats.h"

#include <wick/error.h>

#include <algorithm>

#include "files/quoted.h"
#include "plugins/registry.h"

namespace wick {
namespace {

constexpr const char* kOption = "--formats";
constexpr std::string_view kNumbered = "gguf", kAll = "all";

bool is_local(const WeightType& type) {
  return type.id >= kFirstLocalTypeId;
}

/// In any case; one `*` after the other, each taking as little as it can.
bool matches(std::string_view pattern, std::string_view name) {
  std::size_t at = 0, in_name = 0, star = pattern.npos, behind_star = 0;
  while (in_name < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      behind_star = in_name;
    } else if (at < pattern.size() &&
               same_type_name(pattern.substr(at, 1), name.substr(in_name, 1))) {
      ++at, ++in_name;
    } else if (star != pattern.npos) {
      at = star + 1;
      in_name = ++behind_star;
    } else {
      return false;
    }
  }
  return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(at), pattern.end(),
                     [](char c) { return c == '*'; });
}

/// F16, and what plugins that load can write.
std::vector<WeightType> all_types(Registry& registry) {
  std::vector<WeightType> types{plain_weight_type(PlainType::kF16)};
  for (const Offer& offer : registry.offers("quant"))
    if (registry.has("quant", offer.id) &&
        format_table(registry.find("quant", offer.id))->encode != nullptr)
      types.push_back(target_weight_type(registry, offer.id, kOption));
  return types;
}

}  // namespace

BudgetFormats::BudgetFormats(Registry& registry, const std::vector<std::string>& wanted) {
  const std::vector<std::string> by_default{std::string(kNumbered)};
  for (const std::string& name : wanted.empty() ? by_default : wanted) {
    if (name.find('*') != name.npos) {
      add_matching(registry, name);
      continue;
    }
    const bool is_all = same_type_name(name, kAll);
    if (!is_all && !same_type_name(name, kNumbered)) {
      add(target_weight_type(registry, name, kOption));
      continue;
    }
    (is_all ? takes_all_ : takes_numbered_) = true;
    for (const WeightType& type : all_types(registry))
      if (is_all || !is_local(type)) add(type);
  }
}

bool BudgetFormats::takes(const WeightType& stored) const {
  if (takes_all_ || (takes_numbered_ && !is_local(stored))) return true;
  return std::any_of(types_.begin(), types_.end(),
                     [&](const WeightType& type) { return type.is_same(stored); });
}

void BudgetFormats::add(const WeightType& type) {
  if (std::none_of(types_.begin(), types_.end(),
                   [&](const WeightType& known) { return known.is_same(type); }))
    types_.push_back(type);
}

void BudgetFormats::add_matching(Registry& registry, const std::string& pattern) {
  bool is_found = false;
  for (const WeightType& type : all_types(registry)) {
    if (!matches(pattern, type.layout.name) && !matches(pattern, short_type_name(type.layout.name)))
      continue;
    add(type);
    is_found = true;
  }
  if (!is_found)
    fail(ErrorCode::kUnavailable, kOption, " ", wick::quoted(pattern),
         ": no installed plugin has such a format, need gguf, all, or some of: ",
         writable_types(registry));
}

}  // namespace wick
