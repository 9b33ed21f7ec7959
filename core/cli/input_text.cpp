// Nothing is trimmed: the text is what the model sees.
#include "cli/input_text.h"

#include <wick/error.h>

#include <cstdio>

#include "base/mapped_file.h"

namespace wick::cli {
namespace {

std::string read_standard_input() {
  std::string text;
  char piece[65536];
  while (const std::size_t n = std::fread(piece, 1, sizeof(piece), stdin)) text.append(piece, n);
  if (std::ferror(stdin) != 0) fail(ErrorCode::kIo, "standard input: cannot be read");
  return text;
}

}  // namespace

OptionGroup prompt_option_group() {
  return {"Text",
          {{"prompt", 'p', "TEXT", "the text"},
           {"file", 'f', "FILE", "the text from a file, as it is; `-` reads standard input"}}};
}

std::string read_text(const std::string& path) {
  if (path == "-") return read_standard_input();
  const MappedFile file = MappedFile::open(path);
  return std::string(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
}

std::string prompt_text(const Arguments& arguments, PromptNeed need) {
  if (arguments.has("prompt") && arguments.has("file"))
    fail(ErrorCode::kUsage, arguments.command(),
         ": got both --prompt and --file, need one of them");
  if (arguments.has("file")) return read_text(arguments.text("file"));
  if (need == PromptNeed::kRequired && !arguments.has("prompt"))
    fail(ErrorCode::kUsage, arguments.command(), ": no text, need --prompt TEXT or --file FILE");
  return arguments.text("prompt");
}

}  // namespace wick::cli
