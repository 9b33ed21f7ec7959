// Which tokens end a generation.
#pragma once

#include <cstdint>
#include <vector>

#include "text/token_table.h"
#include "text/vocabulary.h"

namespace wick {

/// The file's eos, eot and eom tokens, and the control and user-defined tokens whose text is in
/// end_tokens.json, ascending. User-defined ones become control tokens in `data`: files that call
/// them so mean no text.
std::vector<std::int32_t> mark_end_tokens(VocabularyData& data, const TokenTable& tokens);

}  // namespace wick
