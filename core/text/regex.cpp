// PCRE2 with its JIT where the system lets it emit code, else its interpreter.
#include "text/regex.h"

#include <wick/error.h>

#include <cstdint>

#include "files/quoted.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace wick {
namespace {

template <auto Function>
struct Free {
  template <class T>
  void operator()(T* object) const noexcept {
    Function(object);
  }
};
using CodePointer = std::unique_ptr<pcre2_code, Free<pcre2_code_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Free<pcre2_match_data_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Free<pcre2_match_context_free>>;

std::string message_of(int error) {
  char text[256] = "";
  pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(text), sizeof(text));
  return text;
}

}  // namespace

struct Regex::Code {
  CodePointer code;
  MatchContext limits;
  RegexOrigin origin;

  /// Bytes [start, end) of the next match; false if there is none.
  bool match(std::string_view text, std::size_t from, pcre2_match_data* found) const {
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    int result = 0;
    // The interpreter finishes what is too deep for the JIT's stack.
    for (const std::uint32_t engine : {std::uint32_t{0}, std::uint32_t{PCRE2_NO_JIT}}) {
      result = pcre2_match(code.get(), subject, text.size(), from, PCRE2_NO_UTF_CHECK | engine,
                           found, limits.get());
      if (result != PCRE2_ERROR_JIT_STACKLIMIT) break;
    }
    if (result >= 0) return true;
    if (result == PCRE2_ERROR_NOMATCH) return false;
    fail(result == PCRE2_ERROR_NOMEMORY ? ErrorCode::kOutOfMemory : origin.code, origin.subject,
         ": a pattern failed on a text of ", text.size(), " bytes: ", message_of(result));
  }

  void split(std::string_view text, pcre2_match_data* found,
             std::vector<std::string_view>& parts) const {
    const PCRE2_SIZE* range = pcre2_get_ovector_pointer(found);
    std::size_t done = 0;
    while (done < text.size() && match(text, done, found) && range[1] > range[0]) {
      if (range[0] > done) parts.push_back(text.substr(done, range[0] - done));
      parts.push_back(text.substr(range[0], range[1] - range[0]));
      done = range[1];
    }
    if (done < text.size()) parts.push_back(text.substr(done));
  }
};

Regex::Regex(const std::string& pattern, RegexOrigin origin) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto code = std::make_shared<Code>();
  code->origin = std::move(origin);
  const std::string& subject = code->origin.subject;
  code->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                 PCRE2_UTF | PCRE2_UCP, &error, &offset, nullptr));
  if (!code->code) {
    fail(code->origin.code, subject, ": the pattern ", wick::quoted(pattern), " is wrong at byte ",
         offset, ": ", message_of(error));
  }
  // A failure here only means that matching is slower.
  pcre2_jit_compile(code->code.get(), PCRE2_JIT_COMPLETE);
  code->limits.reset(pcre2_match_context_create(nullptr));
  if (!code->limits) fail(ErrorCode::kOutOfMemory, subject, ": no memory for a pattern");
  // Patterns of tokenizers backtrack at most once over a run; limits would only refuse long texts.
  pcre2_set_match_limit(code->limits.get(), code->origin.max_steps);
  pcre2_set_depth_limit(code->limits.get(), UINT32_MAX);
  pcre2_set_heap_limit(code->limits.get(), UINT32_MAX);
  code_ = std::move(code);
}

void Regex::split(const std::vector<std::string_view>& texts,
                  std::vector<std::string_view>& parts) const {
  const MatchData found(pcre2_match_data_create_from_pattern(code_->code.get(), nullptr));
  if (!found) fail(ErrorCode::kOutOfMemory, "tokenizer: no memory to match a pattern");
  for (const std::string_view text : texts) code_->split(text, found.get(), parts);
}

bool Regex::is_in(std::string_view text) const {
  const MatchData found(pcre2_match_data_create_from_pattern(code_->code.get(), nullptr));
  if (!found) fail(ErrorCode::kOutOfMemory, code_->origin.subject, ": no memory for a pattern");
  return code_->match(text, 0, found.get());
}

}  // namespace wick
