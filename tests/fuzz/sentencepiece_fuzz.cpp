// Any bytes as tokenizer.model, alone in its folder.
#include "files/metadata_list.h"
#include "fuzz_input.h"
#include "text/checkpoint_tokenizer.h"

#include <boost/json/value.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const wick::fuzz::Folder folder;
  folder.write("tokenizer.model", wick::fuzz::text_of(data, size));
  wick::fuzz::must_read_or_refuse([&] {
    wick::MetadataList made;
    wick::add_checkpoint_tokenizer(folder.path(), {{"bos_token_id", 1}, {"eos_token_id", 2}}, 300,
                                   made);
    if (!made.find("tokenizer.ggml.scores")) __builtin_trap();
  });
  return 0;
}
