// Any bytes as the config.json of a checkpoint whose weights and tokenizer are there: through the
// plugins' converters, their configs and their graphs, as far as the plan of every tensor.
#include "fuzz_input.h"
#include "graph/host_tables.h"
#include "plugins/runtime.h"
#include "quantize/quantize_source.h"
#include "quantize/quantizer.h"
#include "quantize/requested_types.h"
#include "quantize/type_choice.h"

namespace wick::fuzz {
namespace {

RuntimeOptions options() {
  RuntimeOptions made;
  made.n_threads = 1;
  made.directories = std::vector<SearchDirectory>{{WICK_TEST_PLUGIN_DIR, true}};
  made.tables = host_tables();
  return made;
}

void put_checkpoint(const Folder& folder) {
  folder.copy("model.safetensors");
  folder.copy("tokenizer.json");
}

}  // namespace
}  // namespace wick::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static wick::Runtime runtime(wick::fuzz::options());
  static const wick::fuzz::Folder folder(wick::fuzz::put_checkpoint);
  folder.write("config.json", wick::fuzz::text_of(data, size));
  wick::fuzz::must_read_or_refuse([&] {
    const auto source = wick::open_checkpoint(runtime.registry(), folder.path());
    const auto choice = wick::requested_types(runtime.registry(), "Q4_K_M", /*pure=*/false);
    wick::QuantizeReport report;
    for (const wick::PlannedTensor& tensor : source->prepare(*choice, report))
      if (tensor.n_rows == 0 || tensor.row(tensor.n_rows - 1) == nullptr) __builtin_trap();
  });
  return 0;
}
