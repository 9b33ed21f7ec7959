// The loop of a generation.
#include "generate/generator.h"

#include <wick/error.h>

#include <chrono>
#include <utility>

#include "generate/sampler.h"
#include "generate/session.h"
#include "generate/stop_filter.h"
#include "text/stream_decoder.h"

namespace wick {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// What was drawn so far, as ids and as text that is shown.
class Transcript {
 public:
  Transcript(const Tokenizer& tokenizer, const GenerationOptions& options, const TextSink& sink)
      : decoder_(tokenizer, options.special, TextPosition::kContinuation),
        filter_(options.stops),
        sink_(sink) {}

  void add(std::int32_t id) {
    generation.ids.push_back(id);
    show(filter_.push(decoder_.push(id)));
  }
  bool stopped() const noexcept { return filter_.stopped(); }
  void finish() {
    show(filter_.push(decoder_.finish()));
    show(filter_.finish());
  }

  Generation generation;

 private:
  void show(const std::string& text) {
    if (text.empty()) return;
    generation.text += text;
    if (sink_) sink_(text);
  }

  StreamDecoder decoder_;
  StopFilter filter_;
  const TextSink& sink_;
};

// Draws until something ends it. `logits` are those behind the prompt.
FinishReason generate(const Tokenizer& tokenizer, const GenerationOptions& options,
                      SamplerChain& sampler, LogitsRow logits, const EvaluateTokens& evaluate,
                      Transcript& transcript) {
  for (std::int64_t n = 0; options.n_tokens < 0 || n < options.n_tokens; ++n) {
    if (n > 0) logits = evaluate(std::span(&transcript.generation.ids.back(), 1));
    const std::int32_t id = sampler.sample(logits);
    sampler.accept(id);
    transcript.add(id);
    if (tokenizer.is_end(id)) return FinishReason::kEndToken;
    if (transcript.stopped()) return FinishReason::kStopText;
  }
  return FinishReason::kLength;
}

}  // namespace

Generation Generator::run(std::span<const std::int32_t> prompt, const EvaluateTokens& evaluate,
                          const TextSink& sink) const {
  if (prompt.empty())
    fail(ErrorCode::kBadArgument, "prompt: no tokens, need at least one; give a text");
  SamplerChain sampler(options_.sampling);
  for (const std::int32_t id : prompt) sampler.accept(id);
  Transcript transcript(tokenizer_, options_, sink);
  Generation& generation = transcript.generation;
  const Clock::time_point begin = Clock::now();
  const LogitsRow logits = evaluate(prompt);
  generation.stats.prompt_seconds = seconds_since(begin);
  const Clock::time_point first = Clock::now();
  try {
    generation.reason = generate(tokenizer_, options_, sampler, logits, evaluate, transcript);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kContextFull)
      generation.reason = FinishReason::kContextFull;
    else if (error.code() == ErrorCode::kCancelled)
      generation.reason = FinishReason::kCancelled;
    else
      throw;
  }
  generation.stats.generate_seconds = seconds_since(first);
  generation.stats.n_prompt = prompt.size();
  generation.stats.n_generated = generation.ids.size();
  transcript.finish();
  return std::move(generation);
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
