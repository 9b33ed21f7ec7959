// Barriers stand where a thread could meet another's work, and nowhere else; places in the arena
// are shared by values of different phases alone.
#include "phases.h"

#include <gtest/gtest.h>

#include <string>

namespace wick::cpu {
namespace {

class NamedStep final : public Step {
 public:
  NamedStep(char name, Partition how, std::vector<std::uint32_t> inputs,
            std::vector<std::uint32_t> outputs)
      : name_(name) {
    reads = std::move(inputs);
    writes = std::move(outputs);
    partition = how;
  }
  void run(const RunContext&, const sdk::Team&) const noexcept override {}
  char name() const noexcept { return name_; }

 private:
  char name_;
};

struct Plot {
  std::vector<std::unique_ptr<Step>> steps;

  Step& add(char name, Partition how, std::vector<std::uint32_t> inputs,
            std::vector<std::uint32_t> outputs) {
    steps.push_back(std::make_unique<NamedStep>(name, how, std::move(inputs), std::move(outputs)));
    return *steps.back();
  }
  /// Names in order, a bar for every barrier: "ab|c".
  std::string phases() {
    make_phases(steps);
    std::string text;
    std::uint32_t phase = 0;
    for (const auto& step : steps) {
      for (; phase < step->phase; ++phase) text += '|';
      text += static_cast<const NamedStep&>(*step).name();
    }
    return text;
  }
};

const Partition kAny{};
const Partition kRows = Partition::rows(false);

TEST(Phases, ChainStepsOfTheSamePartition) {
  Plot plot;
  plot.add('a', kRows, {}, {0});
  plot.add('b', kRows, {0}, {1});
  plot.add('c', kAny, {1}, {2});
  plot.add('d', kRows, {2}, {3});
  plot.add('e', Partition::rows(true), {3}, {4});
  EXPECT_EQ(plot.phases(), "ab|c|d|e");
}

TEST(Phases, PutIndependentProductsTogether) {
  Plot plot;  // x; q, its rotation; k, its rotation; v; attention
  plot.add('x', kRows, {}, {0});
  plot.add('q', kAny, {0}, {1});
  plot.add('r', kRows, {1}, {2});
  plot.add('k', kAny, {0}, {3});
  plot.add('s', kRows, {3}, {4});
  plot.add('v', kAny, {0}, {5});
  plot.add('a', kAny, {2, 4, 5}, {6});
  EXPECT_EQ(plot.phases(), "x|qkv|rs|a");
}

TEST(Phases, KeepTheOrderOfAState) {
  Plot plot;
  plot.add('a', kRows, {}, {0});
  plot.add('s', kRows, {0}, {}).changes = 9;
  plot.add('b', kAny, {0, 9}, {1});
  plot.add('c', kRows, {}, {2});
  plot.add('t', kRows, {2}, {}).changes = 9;
  plot.add('d', kAny, {9}, {3});
  // t waits for b, which reads what it changes; c does not.
  EXPECT_EQ(plot.phases(), "asc|b|t|d");
}

TEST(Phases, MindEveryValueThatAStepMakes) {
  Plot plot;  // a sum and its norm; the norm's product; the sum and the product added
  plot.add('n', kRows, {}, {0, 1});
  plot.add('p', kAny, {1}, {2});
  plot.add('s', kAny, {0}, {3});
  plot.add('a', kRows, {0, 2}, {4});
  EXPECT_EQ(plot.phases(), "n|ps|a");
}

TEST(Phases, MindStepsThatReadBeyondTheirShare) {
  Plot plot;
  plot.add('a', kRows, {}, {0});
  plot.add('b', kRows, {0}, {1}).reads_anywhere = true;
  plot.add('c', kRows, {1}, {2});
  EXPECT_EQ(plot.phases(), "a|bc");
}

TEST(Phases, TellPiecesOfDifferentWidthsApart) {
  Plot plot;
  plot.add('a', Partition::pieces(false, 1, 8192), {}, {0});
  plot.add('b', Partition::pieces(false, 4, 2048), {0}, {1});
  plot.add('c', Partition::pieces(false, 4, 2000), {1}, {2});
  plot.add('d', Partition::pieces(false, 1, 8000), {2}, {3});
  EXPECT_EQ(plot.phases(), "ab|c|d");
}

TEST(Partitions, CoverEveryColumnOnceInWholePieces) {
  for (const Partition& how :
       {kRows, Partition::pieces(false, 1, 1000), Partition::pieces(false, 3, 500),
        Partition::pieces(false, 2, 512)}) {
    const std::uint64_t width =
        how.kind == Partition::Kind::kRows ? 7 : how.n_parts * how.part_width;
    for (const std::uint32_t n_threads : {1u, 2u, 3u, 16u}) {
      std::uint64_t next = 0;
      for (std::uint32_t thread = 0; thread < n_threads; ++thread) {
        const Range mine = share_columns(how, 5, width, {nullptr, nullptr, thread, n_threads});
        EXPECT_EQ(mine.begin, next);
        EXPECT_LE(mine.begin, mine.end);
        if (how.kind == Partition::Kind::kPieces) {
          EXPECT_EQ(mine.begin % how.part_width % kPieceCols, 0u);
        }
        next = mine.end;
      }
      EXPECT_EQ(next, 5 * width);
    }
  }
}

}  // namespace
}  // namespace wick::cpu
