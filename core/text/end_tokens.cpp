// Files name one end token, rarely two, while chat models end turns with others: so texts count
// too.
#include "text/end_tokens.h"

#include <algorithm>
#include <set>

#include "text/text_data.h"

namespace wick {
namespace {

bool is_special(TokenType type) noexcept {
  return type == TokenType::kControl || type == TokenType::kUserDefined;
}

/// Takes out texts that mean something else in the company of others.
void apply_exceptions(const EndTokenTexts& table, const TokenTable& tokens,
                      std::set<std::int32_t>& ids) {
  const std::set<std::int32_t> all = ids;
  const auto is_end = [&](const std::string& text) { return all.count(tokens.find(text)) != 0; };
  for (const EndTokenTexts::Exception& exception : table.exceptions) {
    if (std::all_of(exception.where.begin(), exception.where.end(), is_end)) {
      ids.erase(tokens.find(exception.text));
    }
  }
}

}  // namespace

std::vector<std::int32_t> mark_end_tokens(VocabularyData& data, const TokenTable& tokens) {
  const EndTokenTexts table = end_token_texts();
  std::set<std::int32_t> ids;
  for (const std::string& text : table.texts) {
    const std::int32_t id = tokens.find(text);
    if (id != kNoToken && is_special(data.type(static_cast<std::size_t>(id)))) ids.insert(id);
  }
  apply_exceptions(table, tokens, ids);
  for (const std::int32_t id : ids) data.types[static_cast<std::size_t>(id)] = TokenType::kControl;
  for (const std::optional<std::int32_t>& id : {data.eos, data.eot, data.eom}) {
    if (id) ids.insert(*id);
  }
  return {ids.begin(), ids.end()};
}

}  // namespace wick
