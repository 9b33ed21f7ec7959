// A generation for callers that pull it, text by text. For those that are called: see generator.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generate/generator.h"
#include "generate/sampler.h"
#include "generate/stop_filter.h"
#include "text/stream_decoder.h"

namespace wick {

/// One thread at a time.
class Continuation {
 public:
  /// `tokenizer` must outlive it. Errors: kBadArgument (check_sampling_options, an empty prompt).
  Continuation(const Tokenizer& tokenizer, GenerationOptions options, EvaluateTokens evaluate,
               std::vector<std::int32_t> prompt);

  /// Draws tokens until there is text to show, in whole UTF-8 characters; nothing at the end. The
  /// first call evaluates the prompt.
  ///
  /// A context that fills up and a cancellation end the generation, with what came until then;
  /// kContextFull in the prompt is an error, as is everything else.
  std::optional<std::string> next();

  /// What came so far. The reason counts once next() has given nothing.
  Generation& result() noexcept { return result_; }
  const Generation& result() const noexcept { return result_; }

 private:
  using Clock = std::chrono::steady_clock;

  void evaluate_prompt();
  std::optional<FinishReason> draw();
  std::optional<std::string> shown(std::string text);
  std::string last_text();

  const Tokenizer& tokenizer_;
  GenerationOptions options_;
  EvaluateTokens evaluate_;
  std::vector<std::int32_t> prompt_;
  SamplerChain sampler_;
  StreamDecoder decoder_;
  StopFilter filter_;
  LogitsRow logits_;  ///< behind the prompt
  Clock::time_point first_token_;
  Generation result_;
  std::string text_;  ///< drawn, and not yet given
  bool began_ = false, ended_ = false;
};

}  // namespace wick
