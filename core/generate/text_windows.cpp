// See text_windows.h.
#include "generate/text_windows.h"

#include <wick/error.h>

#include "text/tokenizer.h"

namespace wick {

TextWindows::TextWindows(std::string_view subject, const Tokenizer& tokenizer,
                         std::string_view text, std::uint32_t window)
    : window_(window) {
  if (window < kLeast)
    fail(ErrorCode::kBadArgument, subject, ": windows of ", window, " tokens, need at least ",
         kLeast);
  EncodeOptions encoding;
  encoding.parse_special = false;
  ids_ = tokenizer.encode(text, encoding);
  if (ids_.size() < window)
    fail(ErrorCode::kBadArgument, subject, ": the text is too short, got ", ids_.size(),
         " tokens, need at least ", window, "; give a longer one or a smaller --ctx");
  ids_.resize(size() * window_);
  if (!tokenizer.adds_bos()) return;
  for (std::size_t i = 0; i < ids_.size(); i += window_) ids_[i] = *tokenizer.bos();
}

}  // namespace wick
