// See generator.h. The loop itself is in continuation.h.
#include "generate/generator.h"

#include <wick/error.h>

#include <utility>

#include "generate/continuation.h"
#include "generate/session.h"

namespace wick {

Generation Generator::run(std::span<const std::int32_t> prompt, const EvaluateTokens& evaluate,
                          const TextSink& sink) const {
  Continuation continuation(tokenizer_, options_, evaluate, {prompt.begin(), prompt.end()});
  while (const std::optional<std::string> text = continuation.next())
    if (sink) sink(*text);
  return std::move(continuation.result());
}

void fail_context_full(const Generation& generation, std::uint32_t context) {
  fail(ErrorCode::kContextFull, "context: full, ", generation.stats.n_prompt,
       " tokens of prompt and ", generation.ids.size(),
       " generated, need room for more; set --ctx above ", context, ", or -n to end earlier");
}

EvaluateTokens evaluate_in(Session& session) {
  const SequenceId sequence = session.create();
  return [&session, sequence](std::span<const std::int32_t> tokens) {
    return LogitsRow(session.evaluate(sequence, tokens), session.n_candidates());
  };
}

std::string_view finish_reason_name(FinishReason reason) noexcept {
  switch (reason) {
    case FinishReason::kEndToken:
    case FinishReason::kStopText:
      return "stop";
    case FinishReason::kLength:
      return "length";
    case FinishReason::kContextFull:
      return "context";
    case FinishReason::kCancelled:
      break;
  }
  return "cancelled";
}

double GenerationStats::prompt_tokens_per_second() const noexcept {
  return prompt_seconds > 0 ? static_cast<double>(n_prompt) / prompt_seconds : 0;
}

double GenerationStats::generated_tokens_per_second() const noexcept {
  if (n_generated < 2 || generate_seconds <= 0) return 0;
  return static_cast<double>(n_generated - 1) / generate_seconds;
}

}  // namespace wick
