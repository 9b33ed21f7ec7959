// `wick tokenize`: a text as token ids. Needs the vocabulary alone, so neither plugins nor tensors.
#include <fmt/format.h>
#include <wick/error.h>

#include <boost/json/array.hpp>

#include "base/log.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/input_text.h"
#include "cli/model_options.h"
#include "cli/model_path.h"
#include "cli/standard_output.h"
#include "cli/table.h"
#include "files/gguf.h"
#include "text/pretty_json.h"
#include "text/tokenizer.h"

namespace wick::cli {

CommandSyntax tokenize_syntax() {
  return {"tokenize",
          "tokenize [-m MODEL] [options] TEXT",
          "Prints a line `id<TAB>piece` for each token of TEXT; `-` reads standard input.",
          {{"Tokens",
            {{"no-special", 0, "", "takes the names of special tokens literally"},
             {"no-bos", 0, "", "leaves out the token that begins a text"},
             {"json", 0, "", "prints the ids as a JSON list"}}},
           file_option_group(),
           plugin_option_group()},
          "TEXT"};
}

int run_tokenize(const Arguments& arguments) {
  if (arguments.positionals().empty())
    fail(ErrorCode::kUsage, "tokenize: no text, need TEXT, or `-` for standard input");
  const std::string path = model_path(arguments);
  const GgufFile file = GgufFile::open(path);
  const auto tokenizer = Tokenizer::create(
      vocabulary_from_gguf(file), [](const std::string& sentence) { log_warning("{}", sentence); });
  const std::string word = arguments.positionals().front();
  const std::string text = word == "-" ? read_text("-") : word;
  EncodeOptions options;
  options.add_bos = !arguments.has("no-bos");
  options.parse_special = !arguments.has("no-special");
  const std::vector<std::int32_t> ids = tokenizer->encode(text, options);
  if (arguments.has("json")) {
    write_output(pretty_json(boost::json::array(ids.begin(), ids.end())));
    return kExitDone;
  }
  for (const std::int32_t id : ids)
    write_output(fmt::format("{}\t{}\n", id, escaped(tokenizer->piece(id, SpecialText::kShown))));
  return kExitDone;
}

}  // namespace wick::cli
