// From words to ModelOptions and RuntimeOptions.
#include "cli/model_options.h"

#include <wick/error.h>

#include <algorithm>

#include "cli/device_numbers.h"
#include "cli/model_path.h"
#include "cli/numbers.h"
#include "cli/processor_list.h"
#include "graph/host_tables.h"

namespace wick::cli {
namespace {

constexpr IntegerRange kThreads{1, 1024};
constexpr IntegerRange kContext{1, 1 << 30};

const OptionSpec& model_option() {
  static const OptionSpec option{"model", 'm', "MODEL",
                                 "GGUF file; of a split one, any part; default: the bundled model"};
  return option;
}

/// Options that a plugin reads by these names; the core knows nothing of what they mean. A switch
/// is "1".
const std::vector<OptionSpec>& host_options() {
  static const std::vector<OptionSpec> options{
      completing(Completes::kPluginOption, {"isa", 0, "NAME",
                                            "instruction set to use, instead of the best; a wrong "
                                            "name lists them"}),
      completing(Completes::kPluginOption,
                 {"matrices", 0, "NAME",
                  "how a device is told to multiply matrices, instead of the best; a wrong name "
                  "lists them"}),
      completing(Completes::kPluginOption,
                 {"kv-type", 0, "TYPE", "how keys and values are held; a wrong type lists them"}),
      {"packed-cache", 0, "DIR", "keeps packed weights in DIR, for a faster start the next time"},
      {"profile", 0, "", "prints what the time was spent on, op by op, at the end"},
      {"perf-dump", 0, "DIR", "writes the names of emitted kernels to DIR, for perf inject --jit"}};
  return options;
}

/// "auto" is the name of the default.
std::vector<std::string> backend_list(const Arguments& arguments) {
  std::vector<std::string> names = list_option(arguments, "backend");
  if (std::find(names.begin(), names.end(), "auto") == names.end()) return names;
  if (names.size() > 1)
    fail(ErrorCode::kUsage, arguments.command(),
         ": --backend: auto stands alone, got other names beside it");
  return {};
}

}  // namespace

OptionGroup plugin_option_group() {
  return {"Plugins",
          {{"plugin", 0, "FILE", "loads this plugin first; may be given more than once", true},
           {"safe", 0, "", "installed plugins only, and the processor only"},
           {"allow-insecure-plugins", 0, "", "also those that others could have written to"}}};
}

OptionGroup file_option_group() {
  return {"Model", {model_option()}};
}

OptionGroup model_option_group() {
  OptionGroup group = device_option_group();
  group.options.insert(group.options.begin(), model_option());
  return group;
}

OptionGroup device_option_group() {
  OptionGroup group{
      "Model",
      {completing(Completes::kBackendList,
                  {"backend", 0, "LIST",
                   "devices to use, in this order; one that cannot be used is an error; default: "
                   "auto"}),
       completing(Completes::kBackendItems,
                  {"layers", 0, "LIST", "how many layers a device takes, as in NAME=12,NAME:1=4"}),
       completing(
           Completes::kBackendItems,
           {"memory", 0, "LIST", "how much memory of a device is used at most, as in NAME=300M"}),
       {"threads", 't', "N", "threads of the processor; the result does not depend on it"},
       {"affinity", 0, "LIST",
        "binds one thread to each of these processors, as in 0-7,16; default: to none"},
       {"ctx", 'c', "N",
        "room for N tokens, prompt included; default: what the model was trained for, 4096 at "
        "most"},
       {"precise", 0, "", "activations and state in float32"}}};
  group.options.insert(group.options.end(), host_options().begin(), host_options().end());
  return group;
}

RuntimeOptions runtime_options(const Arguments& arguments) {
  RuntimeOptions options;
  options.n_threads =
      static_cast<std::uint32_t>(integer_option(arguments, "threads", kThreads).value_or(0));
  if (arguments.has("affinity"))
    options.processors =
        parse_processors(arguments.command() + ": --affinity", arguments.text("affinity"));
  options.plugin_files = arguments.texts("plugin");
  options.safe = arguments.has("safe");
  options.allow_insecure = arguments.has("allow-insecure-plugins");
  options.tables = host_tables();
  for (const OptionSpec& option : host_options()) {
    if (!arguments.has(option.name)) continue;
    const std::string value = option.value.empty() ? "1" : arguments.text(option.name);
    if (value.empty())
      fail(ErrorCode::kUsage, arguments.command(), ": --", option.name, ": empty, need ",
           option.value);
    options.options[option.name] = value;
  }
  return options;
}

ModelOptions model_options(const Arguments& arguments) {
  ModelOptions options = device_options(arguments);
  options.path = model_path(arguments);
  return options;
}

ModelOptions device_options(const Arguments& arguments) {
  ModelOptions options;
  options.backends = backend_list(arguments);
  options.layers = device_counts(arguments, "layers");
  options.memory = device_bytes(arguments, "memory");
  options.context =
      static_cast<std::uint32_t>(integer_option(arguments, "ctx", kContext).value_or(0));
  options.precise = arguments.has("precise");
  return options;
}

}  // namespace wick::cli
