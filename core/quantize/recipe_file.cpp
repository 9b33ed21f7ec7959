// See recipe_file.h. A file may come from anybody: a key that is not known is an error, because a
// condition that is passed over would give other types than its author meant.
#include "quantize/recipe_file.h"

#include <wick/error.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/mapped_file.h"
#include "files/json_file.h"
#include "files/quoted.h"

namespace wick {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxEntries = 1000;  // of any list
constexpr std::size_t kMaxTextBytes = 1000;
constexpr std::int64_t kMaxNumber = 1'000'000;
constexpr std::uint32_t kMaxSteps = 100'000;  // of a pattern; names are short

/// One object of the file, and where it is, for sentences.
class Reader {
 public:
  Reader(const json::value& value, std::string subject) : subject_(std::move(subject)) {
    if (!value.is_object()) refuse("is no object, need one");
    object_ = &value.get_object();
  }
  Reader(const json::object& object, std::string subject)
      : object_(&object), subject_(std::move(subject)) {}

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    fail(ErrorCode::kBadFile, subject_, ": ", parts..., "; correct the file of recipes");
  }

  void allow(std::initializer_list<std::string_view> keys) const {
    for (const auto& entry : *object_)
      if (std::find(keys.begin(), keys.end(), std::string_view(entry.key())) == keys.end())
        refuse("the key ", wick::quoted(std::string_view(entry.key())), " is not known");
  }

  const json::value* find(const char* key) const { return object_->if_contains(key); }

  std::string text(const char* key, const json::value& value) const {
    const json::string* found = value.if_string();
    if (!found || found->empty() || found->size() > kMaxTextBytes)
      refuse("'", key, "' is no text of 1 to ", kMaxTextBytes, " bytes");
    return std::string(*found);
  }
  std::string text(const char* key) const {
    if (!find(key)) refuse("'", key, "' is missing");
    return text(key, *find(key));
  }
  std::string optional_text(const char* key) const { return find(key) ? text(key) : ""; }

  std::uint64_t number(const char* key, const json::value& value, std::int64_t least) const {
    const std::int64_t* found = value.if_int64();
    if (!found || *found < least || *found > kMaxNumber)
      refuse("'", key, "' is no whole number from ", least, " to ", kMaxNumber);
    return static_cast<std::uint64_t>(*found);
  }

  /// visit(value, subject) for each entry; none where the key is absent.
  template <class Visit>
  void each(const char* key, Visit visit) const {
    if (!find(key)) return;
    const json::array* list = find(key)->if_array();
    if (!list || list->size() > kMaxEntries)
      refuse("'", key, "' is no list of at most ", kMaxEntries, " entries");
    for (std::size_t i = 0; i < list->size(); ++i)
      visit((*list)[i], subject_ + ": " + key + "[" + std::to_string(i) + "]");
  }

  const json::object& object() const { return *object_; }
  const std::string& subject() const { return subject_; }

 private:
  const json::object* object_ = nullptr;
  std::string subject_;
};

/// 2, or "7/8".
Share parse_share(const Reader& in, const char* key) {
  const json::value& value = *in.find(key);
  if (!value.is_string()) return {in.number(key, value, 0), 0};
  const std::string text = in.text(key, value);
  Share share;
  const char* const end = text.data() + text.size();
  const auto top = std::from_chars(text.data(), end, share.numerator);
  const bool has_slash = top.ec == std::errc() && top.ptr != end && *top.ptr == '/';
  const auto below = std::from_chars(has_slash ? top.ptr + 1 : end, end, share.denominator);
  if (!has_slash || below.ec != std::errc() || below.ptr != end || share.denominator == 0 ||
      share.denominator > 1000 || share.numerator > share.denominator)
    in.refuse("'", key, "' is no share, got ", wick::quoted(text), ", need one as 1/8");
  return share;
}

LayerPick parse_pick(const Reader& in) {
  in.allow({"of", "first", "from", "every"});
  LayerPick pick;
  const std::string of = in.optional_text("of");
  if (!of.empty() && of != "layers" && of != "matches")
    in.refuse("'of' is ", wick::quoted(of), ", need layers or matches");
  pick.of_layers = of == "layers";
  if (in.find("first")) pick.first = parse_share(in, "first");
  if (in.find("from")) pick.from = parse_share(in, "from");
  if (in.find("every")) pick.every = in.number("every", *in.find("every"), 1);
  return pick;
}

std::vector<FactRange> parse_when(const Reader& in) {
  std::vector<FactRange> ranges;
  for (const auto& entry : in.object()) {
    const std::string key(entry.key());
    const auto fact = std::find(std::begin(kRecipeFacts), std::end(kRecipeFacts), key);
    if (fact == std::end(kRecipeFacts)) in.refuse("the key ", wick::quoted(key), " is not known");
    FactRange range;
    range.fact = static_cast<RecipeFact>(fact - std::begin(kRecipeFacts));
    if (entry.value().is_object()) {
      const Reader bounds(entry.value(), in.subject() + ": " + key);
      bounds.allow({"min", "max"});
      if (const auto* min = bounds.find("min")) range.min = bounds.number("min", *min, 0);
      if (const auto* max = bounds.find("max")) range.max = bounds.number("max", *max, 0);
    } else {
      range.min = range.max = in.number(key.c_str(), entry.value(), 0);
    }
    ranges.push_back(range);
  }
  return ranges;
}

RecipeRule parse_rule(const json::value& value, const std::string& subject) {
  const Reader in(value, subject);
  in.allow({"tensors", "type", "pick", "when"});
  RecipeRule rule{Regex(in.text("tensors"), {subject, ErrorCode::kBadFile, kMaxSteps}),
                  in.text("type"),
                  {},
                  {}};
  if (in.find("pick")) rule.pick = parse_pick(Reader(*in.find("pick"), subject + ": pick"));
  if (in.find("when")) rule.when = parse_when(Reader(*in.find("when"), subject + ": when"));
  return rule;
}

Recipe parse_recipe(const json::value& value, const std::string& subject,
                    std::vector<RecipeRule> common) {
  const Reader in(value, subject);
  in.allow({"name", "aliases", "file_type", "type", "output", "embedding", "rules"});
  Recipe recipe;
  recipe.name = in.text("name");
  in.each("aliases", [&](const json::value& alias, const std::string&) {
    recipe.aliases.push_back(in.text("aliases", alias));
  });
  if (const auto* number = in.find("file_type"))
    recipe.file_type = static_cast<std::uint32_t>(in.number("file_type", *number, 0));
  recipe.type = in.text("type");
  recipe.output = in.optional_text("output");
  recipe.embedding = in.optional_text("embedding");
  recipe.rules = std::move(common);
  in.each("rules", [&](const json::value& rule, const std::string& place) {
    recipe.rules.push_back(parse_rule(rule, place));
  });
  return recipe;
}

std::map<std::string, std::string> parse_fallbacks(const Reader& in) {
  std::map<std::string, std::string> fallbacks;
  for (const auto& entry : in.object()) {
    const std::string key(entry.key());
    fallbacks[key] = in.text(key.c_str(), entry.value());
  }
  for (const auto& [first, second] : fallbacks) {
    std::set<std::string> seen{first};
    for (auto at = fallbacks.find(first); at != fallbacks.end(); at = fallbacks.find(at->second))
      if (!seen.insert(at->second).second)
        in.refuse("the types go round in a circle, got ", wick::quoted(at->second),
                  " again behind itself");
  }
  return fallbacks;
}

void check_names(const RecipeFile& file, const Reader& in) {
  std::set<std::string> names;
  for (const Recipe& recipe : file.recipes) {
    std::vector<std::string> own = recipe.aliases;
    own.push_back(recipe.name);
    for (const std::string& name : own)
      if (!names.insert(name).second)
        in.refuse("two recipes have the name ", wick::quoted(name), ", need each name once");
  }
}

}  // namespace

bool LayerPick::holds(std::uint64_t index, std::uint64_t n) const noexcept {
  const std::uint64_t begin = first.of(n);
  if (index < begin || (from && index >= from->of(n))) return true;
  return every > 0 && (index - begin) % every == every - 1;
}

bool RecipeRule::holds_for(const RecipeFacts& facts) const noexcept {
  return std::all_of(when.begin(), when.end(), [&](const FactRange& range) {
    const auto known = facts.find(range.fact);
    const std::uint64_t value = known == facts.end() ? 0 : known->second;
    return value >= range.min && value <= range.max;
  });
}

RecipeFile parse_recipes(std::string_view text, const std::string& path) {
  const json::object object = parse_json_object(text, path);
  const Reader in(object, path);
  in.allow({"wick_recipes", "fallbacks", "rules", "recipes"});
  if (!in.find("wick_recipes") || in.number("wick_recipes", *in.find("wick_recipes"), 0) != 1)
    in.refuse("'wick_recipes' is not 1, the only version that this Wick knows");
  RecipeFile file;
  if (in.find("fallbacks"))
    file.fallbacks = parse_fallbacks(Reader(*in.find("fallbacks"), path + ": fallbacks"));
  std::vector<RecipeRule> common;
  in.each("rules", [&](const json::value& rule, const std::string& place) {
    common.push_back(parse_rule(rule, place));
  });
  in.each("recipes", [&](const json::value& recipe, const std::string& place) {
    file.recipes.push_back(parse_recipe(recipe, place, common));
    file.recipes.back().file = path;
  });
  check_names(file, in);
  return file;
}

RecipeFile read_recipes(const std::string& path) {
  const MappedFile file = MappedFile::open(path);
  if (file.size() > kMaxRecipeFileBytes)
    fail(ErrorCode::kBadFile, path, ": is too large, got ", file.size(), " bytes, need at most ",
         kMaxRecipeFileBytes);
  return parse_recipes({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()},
                       path);
}

}  // namespace wick
