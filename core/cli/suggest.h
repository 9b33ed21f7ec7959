// The known word that somebody probably meant. Not for correcting silently.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wick::cli {

/// ", did you mean 'WORD'?" for the closest of `known`, or nothing where none is near: more than a
/// third of the word would have to change.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

/// Letters to insert, remove, replace or swap with their neighbour to get from one to the other.
std::size_t edit_distance(std::string_view from, std::string_view to);

}  // namespace wick::cli
