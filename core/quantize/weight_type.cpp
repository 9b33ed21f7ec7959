// See weight_type.h.
#include "quantize/weight_type.h"

#include <wick/error.h>
#include <wick/sdk/guard.h>

#include <algorithm>

#include "files/plain_values.h"
#include "files/quoted.h"
#include "plugins/registry.h"

namespace wick {
namespace {

constexpr PlainType kPlainTargets[] = {PlainType::kF32, PlainType::kF16, PlainType::kBF16};

WeightType type_of(const Provider& provider) {
  WeightType type;
  type.format = provider;
  type.table = format_table(provider);
  const bool is_local = type.table->gguf_type == WICK_NONE;
  type.id = is_local ? kFirstLocalTypeId : type.table->gguf_type;
  type.layout = {std::string(sdk::to_view(type.table->name)), type.table->block_values,
                 type.table->block_bytes};
  return type;
}

/// The id of the one format with this name, or this short name; empty: there is none.
std::string offered_id(const std::vector<Offer>& offers, const std::string& name,
                       const std::string& subject) {
  std::string found;
  for (const Offer& offer : offers) {
    if (same_type_name(name, offer.id)) return offer.id;
    if (!same_type_name(name, short_type_name(offer.id)) || found == offer.id) continue;
    if (!found.empty())
      fail(ErrorCode::kUsage, subject, " ", wick::quoted(name), ": is short for ", found,
           " and for ", offer.id, ", need the whole name");
    found = offer.id;
  }
  return found;
}

}  // namespace

void WeightType::decode(const std::byte* from, std::uint64_t n_values, float* values) const {
  if (!table) return decode_plain(static_cast<PlainType>(id), from, n_values, values);
  sdk::check([&](wick_error* e) { return table->decode(format.self, from, n_values, values, e); });
}

void WeightType::encode(const float* values, const float* importance, std::uint64_t n_values,
                        std::byte* to) const {
  if (!table) return encode_plain(static_cast<PlainType>(id), values, n_values, to);
  sdk::check([&](wick_error* e) {
    return table->encode(format.self, values, importance, n_values, to, e);
  });
}

WeightType plain_weight_type(PlainType type) {
  WeightType plain;
  plain.id = static_cast<std::uint32_t>(type);
  plain.layout = plain_type_layout(plain.id).value();
  return plain;
}

WeightType stored_weight_type(Registry& registry, std::uint32_t id, const std::string& name) {
  if (plain_type_layout(id)) return plain_weight_type(static_cast<PlainType>(id));
  WeightType type = type_of(id >= kFirstLocalTypeId ? registry.find("quant", name)
                                                    : registry.format_for_type(id));
  type.id = id;
  return type;
}

std::string_view short_type_name(std::string_view id) {
  const std::size_t at = id.find('@'), dot = id.substr(0, at).rfind('.');
  if (at == std::string_view::npos || dot == std::string_view::npos) return {};
  return id.substr(dot + 1, at - dot - 1);
}

bool same_type_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

bool has_weight_type(Registry& registry, const std::string& name, const std::string& subject) {
  return std::any_of(std::begin(kPlainTargets), std::end(kPlainTargets),
                     [&](PlainType plain) {
                       return same_type_name(name, plain_weight_type(plain).layout.name);
                     }) ||
         !offered_id(registry.offers("quant"), name, subject).empty();
}

std::vector<std::string> plain_target_names() {
  std::vector<std::string> names;
  for (const PlainType plain : kPlainTargets) names.push_back(plain_weight_type(plain).layout.name);
  return names;
}

std::string writable_types(Registry& registry) {
  std::string names;
  for (const PlainType plain : kPlainTargets)
    names += (names.empty() ? "" : ", ") + plain_weight_type(plain).layout.name;
  for (const Offer& offer : registry.offers("quant"))
    if (registry.has("quant", offer.id) &&
        format_table(registry.find("quant", offer.id))->encode != nullptr)
      names += ", " + offer.id;
  return names;
}

WeightType target_weight_type(Registry& registry, const std::string& name,
                              const std::string& subject) {
  const WeightType type = named_weight_type(registry, name, subject);
  if (!type.table || type.table->encode) return type;
  fail(ErrorCode::kUnavailable, subject, " ", wick::quoted(name),
       ": this format can be read and not written, need one of: ", writable_types(registry));
}

WeightType named_weight_type(Registry& registry, const std::string& name,
                             const std::string& subject) {
  for (const PlainType plain : kPlainTargets)
    if (same_type_name(name, plain_weight_type(plain).layout.name)) return plain_weight_type(plain);
  if (const std::string id = offered_id(registry.offers("quant"), name, subject); !id.empty())
    return type_of(registry.find("quant", id));
  fail(ErrorCode::kUnavailable, subject, " ", wick::quoted(name),
       ": no installed plugin has such a format, need one of: ", writable_types(registry));
}

}  // namespace wick
