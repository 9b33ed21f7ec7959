// See continuation.h: the loop of a generation, one token a turn.
#include "generate/continuation.h"

#include <wick/error.h>

#include <utility>

namespace wick {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

Continuation::Continuation(const Tokenizer& tokenizer, GenerationOptions options,
                           EvaluateTokens evaluate, std::vector<std::int32_t> prompt)
    : tokenizer_(tokenizer),
      options_(std::move(options)),
      evaluate_(std::move(evaluate)),
      prompt_(std::move(prompt)),
      sampler_(options_.sampling),
      decoder_(tokenizer, options_.special, TextPosition::kContinuation),
      filter_(options_.stops) {
  if (prompt_.empty())
    fail(ErrorCode::kBadArgument, "prompt: no tokens, need at least one; give a text");
  for (const std::int32_t id : prompt_) sampler_.accept(id);
}

void Continuation::evaluate_prompt() {
  const Clock::time_point begin = Clock::now();
  logits_ = evaluate_(prompt_);
  result_.stats.prompt_seconds = seconds_since(begin);
  result_.stats.n_prompt = prompt_.size();
  first_token_ = Clock::now();
  began_ = true;
}

/// One token; why it was the last, if it was.
std::optional<FinishReason> Continuation::draw() {
  std::vector<std::int32_t>& ids = result_.ids;
  if (options_.n_tokens >= 0 && ids.size() >= static_cast<std::uint64_t>(options_.n_tokens))
    return FinishReason::kLength;
  const LogitsRow logits = ids.empty() ? logits_ : evaluate_(std::span(&ids.back(), 1));
  const std::int32_t id = sampler_.sample(logits);
  sampler_.accept(id);
  ids.push_back(id);
  text_ += filter_.push(decoder_.push(id));
  if (tokenizer_.is_end(id)) return FinishReason::kEndToken;
  if (filter_.stopped()) return FinishReason::kStopText;
  return std::nullopt;
}

std::optional<std::string> Continuation::shown(std::string text) {
  if (text.empty()) return std::nullopt;
  result_.text += text;
  return text;
}

std::string Continuation::last_text() {
  std::string text = std::exchange(text_, {});
  text += filter_.push(decoder_.finish());
  text += filter_.finish();
  return text;
}

std::optional<std::string> Continuation::next() {
  if (!began_) evaluate_prompt();
  std::optional<FinishReason> reason;
  while (!ended_ && !reason) {
    try {
      reason = draw();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kContextFull)
        reason = FinishReason::kContextFull;
      else if (error.code() == ErrorCode::kCancelled)
        reason = FinishReason::kCancelled;
      else
        throw;
    }
    if (!reason && !text_.empty()) return shown(std::exchange(text_, {}));
  }
  if (ended_) return std::nullopt;
  ended_ = true;
  result_.reason = *reason;
  result_.stats.generate_seconds = seconds_since(first_token_);
  result_.stats.n_generated = result_.ids.size();
  return shown(last_text());
}

}  // namespace wick
