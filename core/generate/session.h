// Sequences of tokens over one loaded model: evaluate, fork, truncate. Not sampling: see sampler.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace wick {

class Model;

using SequenceId = std::uint32_t;

enum class WantLogits { kNone, kLast, kAll };

/// Tokens to append to one sequence.
struct SequenceInput {
  SequenceId sequence = 0;
  std::span<const std::int32_t> tokens;
  WantLogits logits = WantLogits::kLast;
};

/// Receives the row (logits [vocab_size], or candidates: Session::n_candidates()) of token `index`
/// of input `input`, valid during the call; in ascending order of tokens for each input.
using LogitsSink =
    std::function<void(std::size_t input, std::size_t index, std::span<const float> logits)>;

/// One thread at a time. The Model must outlive it.
class Session {
 public:
  explicit Session(Model& model);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// An empty sequence.
  SequenceId create();
  /// A second sequence with the same tokens; full blocks are shared.
  SequenceId fork(SequenceId sequence);
  /// Keeps the first n_tokens. Errors: kBadArgument where it has fewer.
  void truncate(SequenceId sequence, std::uint32_t n_tokens);
  void remove(SequenceId sequence);
  std::uint32_t length(SequenceId sequence) const;
  std::span<const std::int32_t> tokens(SequenceId sequence) const;

  /// Runs all inputs (each sequence at most once), in batches of the model's max_tokens; a token's
  /// logits do not depend on how. Errors: kContextFull before anything ran, where a sequence would
  /// pass the context; kBadArgument for ids outside the vocabulary; kCancelled between batches,
  /// once cancel() was called.
  void evaluate(std::span<const SequenceInput> inputs, const LogitsSink& sink);
  /// The common case: one sequence, logits of the last token (valid until the next call). Errors as
  /// above.
  std::span<const float> evaluate(SequenceId sequence, std::span<const std::int32_t> tokens);

  /// How many of the likeliest tokens a row holds, their ids and then their logits (top_k@1); 0: a
  /// row holds the logits of all. As ModelOptions asked for, where a device can.
  std::uint32_t n_candidates() const noexcept;

  /// For a LogitsSink, while it is called: what the model knew of that token before the last
  /// product [model_dim]; empty without ModelOptions::hidden.
  std::span<const float> hidden() const noexcept;

  /// Ends a running evaluate() with kCancelled at the next batch; any thread, signal handlers too.
  void cancel() noexcept;
  std::uint64_t state_bytes() const;  ///< state blocks in use, all sequences

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wick
