// The parent's side: what the child wrote last says how far it came.
//
// Lines of an answer: "stage TEXT" before each step; at the end "state NAME", "hint TEXT",
// "sentence TEXT".
#include "plugins/probe.h"

#include "plugins/child_process.h"
#include "plugins/helper_program.h"

#include <algorithm>
#include <sstream>

namespace wick {
namespace {

constexpr char kProgram[] = "wick-plugin-probe";

struct Answer {
  std::string stage = "start", state, hint, sentence;
};

Answer parse_answer(const std::string& text) {
  Answer answer;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string key = line.substr(0, space);
    const std::string value = line.substr(std::min(space + 1, line.size()));
    if (key == "stage") answer.stage = value;
    if (key == "state") answer.state = value;
    if (key == "hint") answer.hint = value;
    if (key == "sentence") answer.sentence = value;
  }
  return answer;
}

std::string seconds_text(std::chrono::milliseconds time) {
  std::ostringstream text;
  text << static_cast<double>(time.count()) / 1000.0 << " s";
  return text.str();
}

ProbeReport judge(const ChildResult& child, const RuntimeOptions& options) {
  const Answer answer = parse_answer(child.answer);
  ProbeReport report;
  report.said = child.said;
  if (child.timed_out) {
    report.state = PluginState::kProbeFailed;
    report.sentence =
        "it hangs in " + answer.stage + ": no answer in " + seconds_text(options.probe_timeout);
  } else if (child.signal != 0) {
    report.state = PluginState::kCrashed;
    report.signal = signal_text(child.signal);
    report.sentence = "it crashes in " + answer.stage + " with " + report.signal;
  } else if (answer.state.empty()) {
    report.state = PluginState::kCrashed;
    report.sentence = "it ends the program in " + answer.stage + " with exit code " +
                      std::to_string(child.exit_code);
  } else {
    report.state = state_named(answer.state).value_or(PluginState::kProbeFailed);
    report.sentence = answer.sentence;
    report.hint = answer.hint;
  }
  return report;
}

}  // namespace

bool needs_probe(const Candidate& candidate) {
  if (!candidate.manifest) return false;
  const auto& provides = candidate.manifest->provides;
  return std::any_of(provides.begin(), provides.end(),
                     [](const Promise& promise) { return promise.probe == "child"; });
}

ProbeReport probe_plugin(const Candidate& candidate, const RuntimeOptions& options) {
  ChildRequest request;
  ProbeReport failed;
  failed.state = PluginState::kProbeFailed;
  try {
    request.program = helper_program(kProgram);
    request.timeout = options.probe_timeout;
    request.arguments = {candidate.file.string()};
    for (const auto& [name, value] : options.options)
      request.arguments.push_back(name + "=" + value);
    return judge(run_child(request), options);
  } catch (const Error& e) {
    failed.sentence = e.what();
    failed.hint = "reinstall Wick";
  }
  return failed;
}

}  // namespace wick
