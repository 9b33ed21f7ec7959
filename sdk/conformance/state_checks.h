// What a backend keeps between tokens: the same text gives the same logits however it is cut,
// forked, saved, moved or mixed with other sequences.
#pragma once

#include "conformance/small_model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

namespace wick::conformance {

/// How equal two runs of the same text must be.
///
/// bytes: as the CPU promises. Otherwise a relative L2 distance: another batch may take another
/// kernel. Precise kernels differ by roundings, some 1e-6 in each of the chain's five matmuls, and
/// the norms between them can amplify that tenfold. A fast matmul rounds activations of about 4
/// sigma peak to 1/127 of it: 4 / 127 / sqrt(12) = 0.9 % each, in both runs, five in a row: 3 %;
/// twice that.
struct Agreement {
  bool bytes = false;
  bool precise = true;
  double limit() const { return precise ? 1e-4 : 0.06; }
};

/// Logits of positions [first, first + n) of one sequence.
using Logits = std::vector<float>;

/// Empty where they agree.
inline std::string difference(const Logits& got, const Logits& want, const Agreement& agreement) {
  std::ostringstream text;
  if (got.size() != want.size()) {
    text << "got " << got.size() << " logits, need " << want.size();
    return text.str();
  }
  double distance = 0, length = 0;
  std::size_t first = got.size();
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double a = static_cast<double>(got[i]), b = static_cast<double>(want[i]);
    distance += (a - b) * (a - b);
    length += b * b;
    if (std::memcmp(&got[i], &want[i], sizeof(float)) != 0) first = std::min(first, i);
  }
  const double relative = std::sqrt(distance / std::max(length, 1e-30));
  const bool equal = agreement.bytes ? first == got.size() : relative <= agreement.limit();
  if (equal && length > 0) return "";
  text << "relative distance " << relative << ", first other byte in row "
       << first / Draft::vocab_size() << " of " << got.size() / Draft::vocab_size() << ", need ";
  agreement.bytes ? text << "the same bytes" : text << agreement.limit() << " at most";
  return text.str();
}

class StateChecks {
 public:
  static constexpr std::uint32_t kTokens = 75;  ///< two full blocks and a part
  static constexpr std::uint32_t kFork = 40;    ///< sequences above 0 differ from 0 from here on

  StateChecks(const Device& device, const StorageEntry& storage, const Agreement& agreement)
      : device_(device), agreement_(agreement), model_(storage, 16, 2 * kTokens) {
    Session session(device_, model_.setup(), agreement.precise);
    for (std::uint32_t sequence = 0; sequence < 3; ++sequence)
      whole_.push_back(feed(session, {{sequence, 0, kTokens, {0, 1, 2}}}));
  }

  /// The whole text against itself in pieces of n tokens.
  std::string pieces(std::uint32_t n) {
    Session session(device_, model_.setup(), agreement_.precise);
    Logits all;
    for (std::uint32_t p = 0; p < kTokens; p += n)
      append(all, feed(session, {{0, p, std::min(n, kTokens - p), {5, 3, 9}}}));
    return difference(all, whole_[0], agreement_);
  }

  /// The logits of the whole text against the oracle's: a relative distance, as between two runs.
  std::string oracle() {
    Oracle reference(model_.setup());
    const Step step = step_of({{0, 0, kTokens, {0, 1, 2}}});
    const reference::Matrix& want = reference.run(step)[model_.setup().output];
    const Logits logits(want.values.begin(), want.values.end());
    return difference(whole_[0], logits, {false, agreement_.precise});
  }

  /// state_copy: a sequence that leaves another one's text in the middle of a block.
  std::string fork() {
    Session session(device_, model_.setup(), agreement_.precise);
    feed(session, {{0, 0, kFork, {4, 7}}});
    device_.copy_block(session.state(), 7, 2);
    const Logits first = feed(session, {{0, kFork, kTokens - kFork, {4, 7, 11}}});
    const Logits second = feed(session, {{1, kFork, kTokens - kFork, {4, 2, 12}}});
    const std::string wrong = difference(first, tail(0), agreement_);
    return wrong.empty() ? difference(second, tail(1), agreement_) : wrong;
  }

  /// state_read and state_write: a block saved, overwritten by another text, restored elsewhere.
  std::string save_and_restore() {
    Session session(device_, model_.setup(), agreement_.precise);
    feed(session, {{0, 0, kFork, {0, 1}}});
    const auto first = device_.read_block(session.state(), 0);
    const auto second = device_.read_block(session.state(), 1);
    feed(session, {{2, 0, kTokens, {1, 0, 2}}});
    device_.write_block(session.state(), 6, first);
    device_.write_block(session.state(), 1, second);
    if (device_.read_block(session.state(), 6) != first)
      return "a block that was written reads back as other bytes";
    return difference(feed(session, {{1, kFork, kTokens - kFork, {6, 1, 3}}}), tail(1), agreement_);
  }

  /// state_resize: more blocks, then fewer, and what stays is as it was.
  std::string resize() {
    Session session(device_, model_.setup(), agreement_.precise);
    device_.resize(session.state(), 2);
    feed(session, {{0, 0, kFork, {1, 0}}});
    device_.resize(session.state(), 40);
    feed(session, {{2, 0, 32, {39}}});
    device_.resize(session.state(), 3);
    return difference(feed(session, {{1, kFork, kTokens - kFork, {1, 0, 2}}}), tail(1), agreement_);
  }

  /// Two sequences in the same batches, in other pieces each.
  std::string interleaved() {
    Session session(device_, model_.setup(), agreement_.precise);
    const std::vector<std::uint32_t> one = {8, 1, 10}, two = {0, 9, 2};
    Logits first, second;
    const auto both = [&](std::uint32_t p, std::uint32_t n, std::uint32_t q, std::uint32_t m) {
      const Logits got = feed(session, {{0, p, n, one}, {2, q, m, two}});
      const auto border = got.begin() + static_cast<std::ptrdiff_t>(n * Draft::vocab_size());
      first.insert(first.end(), got.begin(), border);
      second.insert(second.end(), border, got.end());
    };
    both(0, 30, 0, 1);
    both(30, 1, 1, 63);
    both(31, 43, 64, 10);
    both(74, 1, 74, 1);
    const std::string wrong = difference(first, whole_[0], agreement_);
    return wrong.empty() ? difference(second, whole_[2], agreement_) : wrong;
  }

  /// Two sequences that share the first, full block and write blocks of their own.
  std::string shared_prefix() {
    Session session(device_, model_.setup(), agreement_.precise);
    feed(session, {{0, 0, 32, {5}}});
    const Logits both =
        feed(session, {{0, 32, kTokens - 32, {5, 1, 2}}, {1, 32, kTokens - 32, {5, 3, 4}}});
    Logits want = rows(0, 32);
    append(want, rows(1, 32));
    return difference(both, want, agreement_);
  }

  /// A sequence cut at a block border and continued with another text.
  std::string truncated() {
    Session session(device_, model_.setup(), agreement_.precise);
    feed(session, {{2, 0, 32, {0}}, {0, 0, kTokens, {6, 7, 8}}});
    return difference(feed(session, {{1, 32, kTokens - 32, {6, 7, 8}}}), rows(1, 32), agreement_);
  }

 private:
  static std::int32_t token(std::uint32_t sequence, std::uint32_t p) {
    const std::uint64_t text = sequence == 2 || p >= kFork ? sequence : 0;
    return static_cast<std::int32_t>(Random(text * 1000 + p).below(Draft::vocab_size()));
  }
  static Step step_of(const std::vector<RunSpec>& runs) {
    Step step;
    step.batch = BatchFixture(runs, &StateChecks::token);
    step.batch.want_all();
    return step;
  }
  static Logits feed(Session& session, const std::vector<RunSpec>& runs) {
    return session.run(step_of(runs));
  }
  static void append(Logits& all, const Logits& more) {
    all.insert(all.end(), more.begin(), more.end());
  }
  Logits rows(std::uint32_t sequence, std::uint32_t first) const {
    const Logits& all = whole_[sequence];
    return {all.begin() + static_cast<std::ptrdiff_t>(first * Draft::vocab_size()), all.end()};
  }
  Logits tail(std::uint32_t sequence) const { return rows(sequence, kFork); }

  const Device& device_;
  Agreement agreement_;
  SmallModel model_;
  std::vector<Logits> whole_;
};

}  // namespace wick::conformance
