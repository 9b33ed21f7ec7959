// A text as windows of tokens, by the rules of the field's usual tool, so that figures compare.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace wick {

class Tokenizer;

/// The text is tokenized once (BOS first where the model adds it, special tokens not parsed) and
/// cut into windows; the first token of each is replaced by BOS where the model adds it. Tokens
/// window/2 + 1 to window - 1 of each are predicted; a tail that fills no window is dropped.
class TextWindows {
 public:
  static constexpr std::uint32_t kLeast = 4;  ///< tokens of a window

  /// `subject` opens sentences. Errors: kBadArgument for a window that is too short, or a text of
  /// less than one.
  TextWindows(std::string_view subject, const Tokenizer& tokenizer, std::string_view text,
              std::uint32_t window);

  std::size_t size() const noexcept { return ids_.size() / window_; }
  std::span<const std::int32_t> operator[](std::size_t i) const noexcept {
    return std::span(ids_).subspan(i * window_, window_);
  }
  /// Of a window, tokens that are context alone.
  std::size_t n_context() const noexcept { return window_ / 2; }
  /// Of a window, tokens whose logits predict one that is scored.
  std::size_t n_scored() const noexcept { return window_ - n_context() - 1; }
  const std::vector<std::int32_t>& ids() const noexcept { return ids_; }

 private:
  std::size_t window_;
  std::vector<std::int32_t> ids_;  ///< whole windows
};

}  // namespace wick
