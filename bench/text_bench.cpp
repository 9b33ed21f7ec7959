// Bytes per second that the bundled model's tokenizer encodes, and how long it takes to make one.
#include <benchmark/benchmark.h>

#include "bench_runtime.h"
#include "files/gguf.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"

namespace {

using namespace wick;

const GgufFile& file() {
  static const GgufFile opened = GgufFile::open(WICK_SOURCE_DIR "/tests/models/ember-Q8_0.gguf");
  return opened;
}

std::string text(std::size_t n) {
  std::string words;
  while (words.size() < n)
    words += "Once upon a time, there were 123 small foxes; they didn't sleep.\n";
  return words;
}

void create(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Tokenizer::create(vocabulary_from_gguf(file())));
}
BENCHMARK(create);

void encode(benchmark::State& state) {
  const auto tokenizer = Tokenizer::create(vocabulary_from_gguf(file()));
  const std::string words = text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(tokenizer->encode(words));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(words.size()));
}
BENCHMARK(encode)->Arg(64)->Arg(1 << 20);

}  // namespace

BENCHMARK_MAIN();
