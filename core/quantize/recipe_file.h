// A file of recipes: named mixes of weight types, as rules from a tensor's name and layer to a
// type. Plugins ship them; whether the types are there is not asked here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/regex.h"

namespace wick {

/// So many of n: a count, or a fraction rounded down.
struct Share {
  std::uint64_t numerator = 0, denominator = 0;  ///< denominator 0: a count

  std::uint64_t of(std::uint64_t n) const noexcept {
    return denominator == 0 ? numerator : n * numerator / denominator;
  }
};

/// Some of n in a row: those before `first`, those from `from` on, and of those between them each
/// that is the last of `every`.
struct LayerPick {
  bool of_layers = false;  ///< counts all layers; false: the tensors that the rule's pattern names
  Share first;
  std::optional<Share> from;  ///< absent: none
  std::uint64_t every = 0;    ///< 0: none

  bool holds(std::uint64_t index, std::uint64_t n) const noexcept;
};

/// What a rule may ask of a model. A fact that nothing is known of is 0.
enum class RecipeFact { kLayers, kExperts, kHeadsPerKvHead, kImportance };
inline constexpr std::string_view kRecipeFacts[] = {"layers", "experts", "heads_per_kv_head",
                                                    "importance"};
using RecipeFacts = std::map<RecipeFact, std::uint64_t>;

struct FactRange {
  RecipeFact fact = RecipeFact::kLayers;
  std::uint64_t min = 0, max = UINT64_MAX;
};

struct RecipeRule {
  Regex tensors;  ///< is in the name of a tensor that it is for
  std::string type;
  std::optional<LayerPick> pick;  ///< absent: all of them
  std::vector<FactRange> when;    ///< all must hold

  bool holds_for(const RecipeFacts& facts) const noexcept;
};

/// The first rule that fits a tensor gives its type; `type` goes to all others.
struct Recipe {
  std::string file;  ///< for messages
  std::string name;
  std::vector<std::string> aliases;
  std::optional<std::uint32_t> file_type;
  std::string type;
  std::string output;  ///< of the output matrix, or the embedding that stands for it; empty: none
  std::string embedding;  ///< of an embedding that is no output; empty: none
  std::vector<RecipeRule> rules;
};

struct RecipeFile {
  std::vector<Recipe> recipes;
  std::map<std::string, std::string> fallbacks;  ///< of types whose blocks do not divide a row
};

inline constexpr std::uint64_t kMaxRecipeFileBytes = 1 << 20;

/// `path` opens the sentences. Errors: kBadFile.
RecipeFile parse_recipes(std::string_view text, const std::string& path);
/// Errors: kMissingFile too.
RecipeFile read_recipes(const std::string& path);

}  // namespace wick
