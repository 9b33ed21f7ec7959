// The child's side of a probe. Whatever happens below may end this process: each step is announced
// before it is taken.
#include "base/thread_pool.h"
#include "graph/host_tables.h"
#include "plugins/child_process.h"
#include "plugins/device_check.h"
#include "plugins/device_test.h"
#include "plugins/header_check.h"
#include "plugins/loaded_plugin.h"
#include "plugins/loader.h"
#include "plugins/probe.h"

#include "conformance/graph_fixture.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace wick {
namespace {

void write_line(std::string_view key, std::string value) {
  std::replace_if(
      value.begin(), value.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  const std::string line = std::string(key) + " " + value + "\n";
  // Who does not read us any more does not need the rest.
  static_cast<void>(::write(kAnswerDescriptor, line.data(), line.size()) == 0);
}

[[noreturn]] void finish(PluginState state, const std::string& sentence, const std::string& hint) {
  write_line("state", std::string(state_name(state)));
  write_line("hint", hint);
  write_line("sentence", sentence);
  // The parent has its answer; shutdown() and destructors could still take it back.
  ::_exit(0);
}

[[noreturn]] void try_plugin(const Candidate& candidate, const RuntimeOptions& options) {
  ThreadPool pool(1);
  check_manifest_abi(*candidate.manifest);
  write_line("stage", "its static constructors, or those of a library that it needs,");
  open_plugin(candidate.library);
  write_line("stage", "init()");
  const LoadedPlugin plugin(candidate, options, pool);
  write_line("stage", "device_count() or device_info()");
  for (const auto& provider : plugin.providers()) {
    if (provider.kind != "backend") continue;
    const DeviceReport report = check_devices(provider);
    if (report.state != PluginState::kLoaded) finish(report.state, report.sentence, report.hint);
    for (const std::string& name : report.names) write_line("device", provider.id + " " + name);
    const DeviceTestReport test =
        test_devices(provider, [](const std::string& step) { write_line("stage", step); });
    if (!test.keep) write_line("keep", "0");
    if (test.state != PluginState::kAvailable) finish(test.state, test.sentence, "");
  }
  finish(PluginState::kAvailable, "", "");
}

}  // namespace

int answer_probe(const std::vector<std::string>& words) {
  // A crash is expected: it leaves no core file. Who asked may end before we do.
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (words.empty()) return 2;
  RuntimeOptions options;
  options.tables = host_tables();
  // The graphs that devices are tested with are the kit's.
  options.tables.graph = conformance::graph_api();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = std::min(words[i].find('='), words[i].size() - 1);
    options.options[words[i].substr(0, equals)] = words[i].substr(equals + 1);
  }
  Candidate candidate;
  candidate.file = words[0];
  try {
    candidate.manifest = read_manifest(words[0]);
    candidate.library = candidate.file.parent_path() / candidate.manifest->library;
    try_plugin(candidate, options);
  } catch (const PluginError& e) {
    finish(e.state(), e.what(), "");
  } catch (const std::exception& e) {
    finish(PluginState::kProbeFailed, e.what(), "");
  }
}

}  // namespace wick
