// `wick inspect`: what is in a GGUF or safetensors file. Works where no plugin knows the
// architecture or a tensor type.
#include <wick/error.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/inspect_report.h"
#include "cli/model_options.h"
#include "cli/standard_output.h"
#include "files/gguf.h"
#include "files/safetensors.h"
#include "model/registry_layouts.h"
#include "plugins/runtime.h"
#include "text/pretty_json.h"

namespace wick::cli {
namespace {

bool is_safetensors(const std::string& path) {
  const std::string_view view = path;
  return view.ends_with(".safetensors") || view.ends_with(".safetensors.index.json") ||
         std::filesystem::is_directory(path);
}

InspectReport report_on(const Arguments& arguments) {
  const std::string path = arguments.positionals().front();
  if (is_safetensors(path)) return report_of(SafetensorsFile::open(path));
  Runtime runtime(runtime_options(arguments));
  const RegistryLayouts layouts(runtime.registry());
  return report_of(GgufFile::open(path, layouts));
}

}  // namespace

CommandSyntax inspect_syntax() {
  return {"inspect",
          "inspect [options] FILE",
          "Prints the metadata and the tensors of a GGUF or safetensors file.",
          {{"Output", {{"json", 0, "", "prints one JSON document, with long lists in full"}}},
           plugin_option_group()},
          "FILE",
          {"FILE is a .gguf (of a split one, any part), a .safetensors, an index of several, or a",
           "folder with one of them."},
          1,
          {"SOURCE"}};
}

int run_inspect(const Arguments& arguments) {
  if (arguments.positionals().empty()) fail(ErrorCode::kUsage, "inspect: no file, need FILE");
  const InspectReport report = report_on(arguments);
  write_output(arguments.has("json") ? pretty_json(report_json(report)) : report_text(report));
  return kExitDone;
}

}  // namespace wick::cli
