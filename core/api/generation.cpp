// wick_generation: the functions over GenerationState, and a whole generation in one call.
#include <utility>

#include "api/handles.h"
#include "api/structs.h"

namespace wick::api {
namespace {

constexpr char kNext[] = "wick_generation_next";

wick_generate_options defaults() noexcept {
  const SamplingOptions sampling;
  wick_generate_options options{};
  options.struct_size = sizeof options;
  options.n_tokens = -1;
  options.seed = sampling.seed;
  options.temperature = sampling.temperature;
  options.top_p = sampling.top_p;
  options.min_p = sampling.min_p;
  options.typical_p = sampling.typical_p;
  options.mirostat_eta = MirostatOptions().eta;
  options.repeat_penalty = sampling.repeat_penalty;
  options.frequency_penalty = sampling.frequency_penalty;
  options.presence_penalty = sampling.presence_penalty;
  options.top_k = sampling.top_k;
  options.repeat_last = sampling.repeat_last_n;
  return options;
}

SamplingOptions sampling_of(const wick_generate_options& from) {
  SamplingOptions sampling;
  sampling.temperature = from.temperature;
  sampling.top_k = from.top_k;
  sampling.top_p = from.top_p;
  sampling.min_p = from.min_p;
  sampling.typical_p = from.typical_p;
  if (from.mirostat_tau != 0) sampling.mirostat = {from.mirostat_tau, from.mirostat_eta};
  sampling.repeat_penalty = from.repeat_penalty;
  sampling.frequency_penalty = from.frequency_penalty;
  sampling.presence_penalty = from.presence_penalty;
  sampling.repeat_last_n = from.repeat_last;
  sampling.seed = from.seed;
  return sampling;
}

GenerationOptions generation_options(const char* function, const wick_generate_options* given) {
  const wick_generate_options from = options_of(function, given, defaults());
  check_flags(function, from.flags, WICK_GENERATE_SPECIAL);
  if (from.n_tokens < -1)
    fail(ErrorCode::kBadArgument, function, ": n_tokens is ", from.n_tokens, ", need -1 or more");
  GenerationOptions options;
  options.sampling = sampling_of(from);
  options.n_tokens = from.n_tokens;
  for (const char* const stop : array_of(function, from.stops, from.n_stops))
    options.stops.emplace_back(&need(stop, function, "stop text"));
  options.special = from.flags & WICK_GENERATE_SPECIAL ? SpecialText::kShown : SpecialText::kHidden;
  return options;
}

}  // namespace
}  // namespace wick::api

using namespace wick::api;

void wick_generate_options_init(wick_generate_options* options, uint32_t struct_size) {
  init(options, struct_size, defaults());
}

wick_status wick_generation_create(wick_session* session, const int32_t* prompt, uint64_t n_prompt,
                                   const wick_generate_options* options,
                                   wick_generation** generation, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_generation_create";
    wick_generation*& made = need(generation, kFunction, "place of the generation");
    const auto ids = array_of(kFunction, prompt, n_prompt);
    made = new wick_generation{{need(session, kFunction, "session").state,
                                generation_options(kFunction, options),
                                {ids.begin(), ids.end()}}};
  });
}

void wick_generation_free(wick_generation* generation) {
  delete generation;
}

wick_status wick_generation_next(wick_generation* generation, const char** piece, uint64_t* size,
                                 wick_failure** failure) {
  return guarded(failure, [&] {
    const char*& text = need(piece, kNext, "place of the piece");
    text = nullptr;
    if (size != nullptr) *size = 0;
    const std::string* const next = need(generation, kNext, "generation").state.next();
    if (next == nullptr) return;
    text = next->c_str();
    if (size != nullptr) *size = next->size();
  });
}

wick_status wick_generation_tokens(const wick_generation* generation, int32_t* ids,
                                   uint64_t capacity, uint64_t* n, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_generation_tokens";
    copy_ids(kFunction, need(generation, kFunction, "generation").state.ids(), ids, capacity, n);
  });
}

wick_status wick_generation_describe(const wick_generation* generation,
                                     wick_generation_stats* stats, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_generation_describe";
    const auto& state = need(generation, kFunction, "generation").state;
    answer(kFunction, state.stats(), &need(stats, kFunction, "stats"));
  });
}

wick_status wick_session_generate(wick_session* session, const int32_t* prompt, uint64_t n_prompt,
                                  const wick_generate_options* options, wick_piece_function piece,
                                  void* context, wick_generation_stats* stats,
                                  wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_session_generate";
    need(piece, kFunction, "callback");
    const auto ids = array_of(kFunction, prompt, n_prompt);
    GenerationState state(need(session, kFunction, "session").state,
                          generation_options(kFunction, options), {ids.begin(), ids.end()});
    while (const std::string* const text = state.next())
      if (piece(context, text->c_str(), text->size()) != 0) state.cancel();
    if (stats != nullptr) answer(kFunction, state.stats(), stats);
  });
}
