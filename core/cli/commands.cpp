// The table of commands, in the order of the program's help.
#include "cli/command.h"

namespace wick::cli {

std::span<const Command> commands() {
  static constexpr Command kCommands[] = {
      {"run", "continues a text", run_syntax, run_run},
      {"bench", "measures tokens per second", bench_syntax, run_bench},
      {"perplexity", "measures how well a model predicts a text", perplexity_syntax,
       run_perplexity},
      {"compare", "measures how far one model's predictions are from another's", compare_syntax,
       run_compare},
      {"logits", "writes the scores of all tokens as a NumPy file", logits_syntax, run_logits},
      {"tokenize", "shows a text as token ids", tokenize_syntax, run_tokenize},
      {"inspect", "shows what is in a model file", inspect_syntax, run_inspect},
      {"plan", "shows what would run where", plan_syntax, run_plan},
      {"quantize", "makes a GGUF file of a Hugging Face checkpoint", quantize_syntax, run_quantize},
      {"imatrix", "measures how much each column of a model's matrices matters", imatrix_syntax,
       run_imatrix},
      {"plugins", "shows what is installed, and why something cannot be used", plugins_syntax,
       run_plugins},
      {"completion", "prints what makes a shell complete the words of this program",
       completion_syntax, run_completion},
      {"complete", "tells a shell which words may come next", complete_syntax, run_complete, true},
      {"man", "writes the manual pages", man_syntax, run_man, true},
  };
  return kCommands;
}

const Command* find_command(std::string_view name) {
  for (const Command& command : commands())
    if (command.name == name) return &command;
  return nullptr;
}

}  // namespace wick::cli
