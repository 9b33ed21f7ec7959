// `wick logits`: raw scores at every position of a text, as a NumPy file.
#include <fmt/format.h>
#include <wick/error.h>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/input_text.h"
#include "cli/interrupt.h"
#include "cli/loaded_model.h"
#include "cli/model_options.h"
#include "cli/progress_bar.h"
#include "files/npy.h"
#include "generate/session.h"
#include "text/tokenizer.h"

namespace wick::cli {

CommandSyntax logits_syntax() {
  return {"logits",
          "logits [-m MODEL] (-p TEXT | -f FILE) -o OUT.npy [options]",
          "Writes the scores of all tokens at every position: float32, [n_tokens, vocab_size].",
          {prompt_option_group(),
           {"Output", {{"output", 'o', "OUT.npy", "the file; it appears whole or not at all"}}},
           model_option_group(),
           plugin_option_group()},
          ""};
}

int run_logits(const Arguments& arguments) {
  if (!arguments.has("output"))
    fail(ErrorCode::kUsage, "logits: no output file, need --output OUT.npy");
  const std::string text = prompt_text(arguments, PromptNeed::kRequired);
  LoadedModel loaded(arguments, model_options(arguments));
  const std::vector<std::int32_t> ids = loaded.model().tokenizer().encode(text);
  if (ids.empty()) fail(ErrorCode::kUsage, "logits: the text has no tokens, need at least one");
  NpyWriter file(arguments.text("output"), ids.size(), loaded.model().facts().vocab_size);
  Session session(loaded.model());
  const InterruptScope interrupt(session);
  ProgressBar bar;
  const SequenceInput input[] = {{session.create(), ids, WantLogits::kAll}};
  session.evaluate(input, [&](std::size_t, std::size_t index, std::span<const float> logits) {
    file.write(logits);
    bar.show("logits", static_cast<double>(index + 1) / static_cast<double>(ids.size()));
  });
  file.finish();
  return kExitDone;
}

}  // namespace wick::cli
