// From a prompt to a continuation: evaluate, sample, decode, stop. Not for batches of sequences.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generate/logits_row.h"
#include "generate/sampling_options.h"
#include "text/tokenizer.h"

namespace wick {

class Session;

/// Appends tokens to the text and gives the logits behind the last, valid until the next call: of
/// all tokens, or of as many of the likeliest as the sampler looks at (candidates_seen). Errors:
/// kContextFull, kCancelled and whatever else ends the generation.
using EvaluateTokens = std::function<LogitsRow(std::span<const std::int32_t> tokens)>;

/// Of a new sequence of `session`, which must outlive it.
EvaluateTokens evaluate_in(Session& session);

struct GenerationOptions {
  SamplingOptions sampling;
  std::int64_t n_tokens = -1;      ///< at most; -1: until the text ends or the context is full
  std::vector<std::string> stops;  ///< texts that end the generation and are not shown
  SpecialText special = SpecialText::kHidden;
};

enum class FinishReason { kEndToken, kStopText, kLength, kContextFull, kCancelled };

/// "stop" for an end token or a stop text, "length", "context", "cancelled"
std::string_view finish_reason_name(FinishReason reason) noexcept;

struct GenerationStats {
  std::uint64_t n_prompt = 0;     ///< tokens
  std::uint64_t n_generated = 0;  ///< tokens, the end token included
  double prompt_seconds = 0;      ///< until the first token could be drawn
  double generate_seconds = 0;    ///< from there on
  double prompt_tokens_per_second() const noexcept;
  /// Each token behind the first costs one evaluation; 0 where there is none.
  double generated_tokens_per_second() const noexcept;
};

struct Generation {
  std::vector<std::int32_t> ids;  ///< what was drawn, the end token included
  std::string text;               ///< what was shown
  FinishReason reason = FinishReason::kLength;
  GenerationStats stats;
};

/// What the end by FinishReason::kContextFull is to a user: kContextFull, with the numbers.
[[noreturn]] void fail_context_full(const Generation& generation, std::uint32_t context);

/// Receives text to show, in whole UTF-8 characters. May throw, which ends the generation.
using TextSink = std::function<void(std::string_view text)>;

class Generator {
 public:
  /// `tokenizer` must outlive it. Errors: kBadArgument (check_sampling_options).
  Generator(const Tokenizer& tokenizer, GenerationOptions options)
      : tokenizer_(tokenizer), options_(std::move(options)) {
    check_sampling_options(options_.sampling);
  }

  /// A context that fills up and a cancellation end the generation, with what came until then;
  /// kContextFull in the prompt is an error, as is everything else. Errors: kBadArgument for an
  /// empty prompt.
  Generation run(std::span<const std::int32_t> prompt, const EvaluateTokens& evaluate,
                 const TextSink& sink) const;

 private:
  const Tokenizer& tokenizer_;
  GenerationOptions options_;
};

}  // namespace wick
