// See session.h. Work is cut into batches by one rule: take inputs in order, as many tokens of each
// as there is room for.
#include "generate/session.h"

#include <wick/error.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "generate/batch.h"
#include "generate/sequence.h"
#include "generate/state_blocks.h"
#include "model/model.h"
#include "schedule/executor.h"

namespace wick {
namespace {

/// Where in the inputs the logits rows of a batch belong.
struct Piece {
  std::size_t input;
  std::size_t first_index;  // of the first row, in the input's tokens
  std::uint32_t n_rows;
};

}  // namespace

struct Session::State {
  Model& model;
  Executor& executor;
  StateBlocks blocks;
  std::map<SequenceId, Sequence> sequences;
  SequenceId next_id = 0;
  std::atomic<bool> cancelled{false};
  std::vector<float> last_logits;
  std::span<const float> hidden;  // of the row that a sink has

  explicit State(Model& m) : model(m), executor(m.executor()) {}

  Sequence& find(SequenceId id) {
    const auto found = sequences.find(id);
    if (found == sequences.end())
      fail(ErrorCode::kBadArgument, "session: there is no sequence ", id);
    return found->second;
  }
  void release_from(Sequence& sequence, std::size_t n_kept) {
    while (sequence.blocks.size() > n_kept) {
      blocks.release(sequence.blocks.back());
      sequence.blocks.pop_back();
    }
  }

  void check_inputs(std::span<const SequenceInput> inputs);
  void reserve();
  void make_writable(Sequence& sequence, std::uint32_t n_more);
  std::uint32_t take(Batch& batch, std::size_t index, const SequenceInput& input, std::size_t done,
                     std::vector<Piece>& pieces);
  void run(Batch& batch, std::vector<Piece>& pieces, const LogitsSink& sink);
  void evaluate(std::span<const SequenceInput> inputs, const LogitsSink& sink);
};

void Session::State::check_inputs(std::span<const SequenceInput> inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const SequenceInput& input = inputs[i];
    const Sequence& sequence = find(input.sequence);
    const std::uint64_t length = sequence.tokens.size() + input.tokens.size();
    if (length > model.context())
      fail(ErrorCode::kContextFull, "context: the sequence does not fit, got ", length,
           " tokens, need at most ", model.context(),
           "; set a larger --ctx, or use a shorter prompt or a smaller -n");
    for (std::int32_t id : input.tokens)
      if (id < 0 || static_cast<std::uint32_t>(id) >= executor.vocab_size())
        fail(ErrorCode::kBadArgument, "session: token id ", id, " is outside the vocabulary of ",
             executor.vocab_size());
    for (std::size_t j = 0; j < i; ++j)
      if (inputs[j].sequence == input.sequence)
        fail(ErrorCode::kBadArgument, "session: sequence ", input.sequence,
             " is named twice in one call");
  }
}

/// Room for the blocks that were handed out, and for some more of those that the plan counts, so
/// that a text does not make every backend grow, and move what cannot grow in place, each 32
/// tokens.
void Session::State::reserve() {
  constexpr std::uint32_t kMore = 16;
  const std::uint32_t need = blocks.capacity();
  if (need <= executor.n_blocks()) return;
  const std::uint32_t planned = (model.context() + WICK_BLOCK_TOKENS - 1) / WICK_BLOCK_TOKENS;
  const std::uint32_t roomy = std::min(planned, need + std::max(kMore, need / 4));
  try {
    executor.reserve_blocks(std::max(need, roomy));
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kOutOfMemory || roomy <= need) throw;
    executor.reserve_blocks(need);
  }
}

void Session::State::make_writable(Sequence& sequence, std::uint32_t n_more) {
  const std::uint32_t first = sequence.computed;
  if (first % WICK_BLOCK_TOKENS != 0 && blocks.is_shared(sequence.blocks.back())) {
    const std::uint32_t copy = blocks.acquire();
    reserve();
    executor.copy_block(sequence.blocks.back(), copy);
    blocks.release(sequence.blocks.back());
    sequence.blocks.back() = copy;
  }
  const std::uint32_t need = (first + n_more + WICK_BLOCK_TOKENS - 1) / WICK_BLOCK_TOKENS;
  while (sequence.blocks.size() < need) sequence.blocks.push_back(blocks.acquire());
  reserve();
}

/// Puts tokens of one input into the batch; returns how many of the input's own (not of those that
/// run again).
std::uint32_t Session::State::take(Batch& batch, std::size_t index, const SequenceInput& input,
                                   std::size_t done, std::vector<Piece>& pieces) {
  Sequence& sequence = find(input.sequence);
  if (done == 0 && sequence.computed == sequence.tokens.size() && input.tokens.empty()) return 0;
  const auto again = static_cast<std::uint32_t>(sequence.tokens.size()) - sequence.computed;
  const auto left = static_cast<std::uint32_t>(input.tokens.size() - done);
  std::uint32_t n = std::min(again + left, batch.room());
  std::uint32_t own = n > again ? n - again : 0;
  const bool ends = own == left;
  std::uint32_t n_outputs = input.logits == WantLogits::kAll                   ? own
                            : input.logits == WantLogits::kLast && ends && own ? 1
                                                                               : 0;
  if (n_outputs > batch.output_room()) {
    own = input.logits == WantLogits::kAll ? batch.output_room() : own - 1;
    n_outputs = input.logits == WantLogits::kAll ? own : 0;
    n = again + own;
  }
  if (n == 0) return 0;
  const std::uint32_t first = sequence.computed;
  sequence.tokens.insert(sequence.tokens.end(),
                         input.tokens.begin() + static_cast<std::ptrdiff_t>(done),
                         input.tokens.begin() + static_cast<std::ptrdiff_t>(done + own));
  make_writable(sequence, n);
  batch.add_run(input.sequence, std::span(sequence.tokens).subspan(first, n), first,
                sequence.blocks, n_outputs);
  sequence.computed += n;
  if (n_outputs > 0) pieces.push_back({index, done + own - n_outputs, n_outputs});
  return own;
}

void Session::State::run(Batch& batch, std::vector<Piece>& pieces, const LogitsSink& sink) {
  const wick_batch view = batch.view();
  const std::span<const float> logits = executor.run(view);
  std::size_t row = 0;
  const std::size_t width = executor.row_width();
  for (const Piece& piece : pieces)
    for (std::uint32_t i = 0; i < piece.n_rows; ++i, ++row) {
      hidden = executor.hidden(view, static_cast<std::uint32_t>(row));
      if (sink) sink(piece.input, piece.first_index + i, logits.subspan(row * width, width));
    }
  hidden = {};
  batch.clear();
  pieces.clear();
}

Session::Session(Model& model) : state_(std::make_unique<State>(model)) {}
Session::~Session() = default;

SequenceId Session::create() {
  state_->sequences.emplace(state_->next_id, Sequence{});
  return state_->next_id++;
}

SequenceId Session::fork(SequenceId id) {
  Sequence copy = state_->find(id);
  for (std::uint32_t block : copy.blocks) state_->blocks.share(block);
  state_->sequences.emplace(state_->next_id, std::move(copy));
  return state_->next_id++;
}

void Session::truncate(SequenceId id, std::uint32_t n_tokens) {
  Sequence& sequence = state_->find(id);
  if (n_tokens > sequence.tokens.size())
    fail(ErrorCode::kBadArgument, "session: a sequence of ", sequence.tokens.size(),
         " tokens cannot be cut to ", n_tokens);
  if (n_tokens == sequence.tokens.size()) return;
  sequence.tokens.resize(n_tokens);
  if (n_tokens < sequence.computed) {
    const bool keep_part = !state_->executor.state_is_uncuttable();
    sequence.computed = keep_part ? n_tokens : n_tokens / WICK_BLOCK_TOKENS * WICK_BLOCK_TOKENS;
  }
  state_->release_from(sequence, (sequence.computed + WICK_BLOCK_TOKENS - 1) / WICK_BLOCK_TOKENS);
}

void Session::remove(SequenceId id) {
  state_->release_from(state_->find(id), 0);
  state_->sequences.erase(id);
}

std::uint32_t Session::length(SequenceId id) const {
  return static_cast<std::uint32_t>(tokens(id).size());
}
std::span<const std::int32_t> Session::tokens(SequenceId id) const {
  return state_->find(id).tokens;
}
std::uint32_t Session::n_candidates() const noexcept {
  return state_->executor.n_candidates();
}
std::span<const float> Session::hidden() const noexcept {
  return state_->hidden;
}
void Session::cancel() noexcept {
  state_->cancelled = true;
}
std::uint64_t Session::state_bytes() const {
  return state_->blocks.in_use() * state_->executor.block_bytes();
}

void Session::State::evaluate(std::span<const SequenceInput> inputs, const LogitsSink& sink) {
  Batch batch(executor.max_tokens(), executor.max_outputs());
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    std::size_t done = 0;
    while (done < inputs[i].tokens.size()) {
      if (cancelled.exchange(false)) fail(ErrorCode::kCancelled, "session: the user asked to stop");
      done += take(batch, i, inputs[i], done, pieces);
      const bool full = batch.room() == 0 || batch.output_room() == 0;
      if (full || done < inputs[i].tokens.size()) run(batch, pieces, sink);
    }
  }
  if (!batch.empty()) run(batch, pieces, sink);
}

void Session::evaluate(std::span<const SequenceInput> inputs, const LogitsSink& sink) {
  state_->check_inputs(inputs);
  std::vector<std::uint32_t> lengths;
  for (const SequenceInput& input : inputs) lengths.push_back(length(input.sequence));
  try {
    state_->evaluate(inputs, sink);
  } catch (...) {
    // What did not run, or not for sure, is taken back: the caller may go on with the sequences as
    // they were.
    for (std::size_t i = 0; i < inputs.size(); ++i) truncate(inputs[i].sequence, lengths[i]);
    throw;
  }
}

std::span<const float> Session::evaluate(SequenceId sequence,
                                         std::span<const std::int32_t> tokens) {
  const SequenceInput input{sequence, tokens, WantLogits::kLast};
  evaluate(std::span(&input, 1), [&](std::size_t, std::size_t, std::span<const float> logits) {
    state_->last_logits.assign(logits.begin(), logits.end());
  });
  return state_->last_logits;
}

}  // namespace wick
