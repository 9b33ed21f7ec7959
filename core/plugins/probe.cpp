// The parent's side: what the child wrote last says how far it came.
//
// Lines of an answer: "stage TEXT" before each step; "device BACKEND NAME" for each that it has; at
// the end "state NAME", "hint TEXT", "sentence TEXT", and "keep 0" where the next start may go
// otherwise.
#include "plugins/probe.h"

#include "plugins/child_process.h"
#include "plugins/helper_program.h"

#include <algorithm>
#include <sstream>

namespace wick {
namespace {

/// A slow machine with many devices gets there as long as it gets on.
constexpr int kMostSteps = 6;
constexpr std::size_t kMostDevices = 64;

struct Answer {
  std::string stage = "start", state, hint, sentence, keep;
  std::vector<ProbedDevice> devices;
};

void add_device(Answer& answer, const std::string& text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  if (answer.devices.size() < kMostDevices)
    answer.devices.push_back(
        {text.substr(0, space), text.substr(std::min(space + 1, text.size()))});
}

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
    if (key == "keep") answer.keep = value;
    if (key == "device") add_device(answer, value);
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
    report.sentence = child.was_silent
                          ? "it hangs in " + answer.stage + ": no answer in " +
                                seconds_text(options.probe_timeout)
                          : "it takes too long: it was in " + answer.stage + " after " +
                                seconds_text(options.probe_timeout * kMostSteps);
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
    report.keep = answer.keep != "0";
    report.devices = answer.devices;
  }
  return report;
}

}  // namespace

bool needs_probe(const Candidate& candidate) {
  // What is part of the program has passed its tests with it.
  if (!candidate.manifest || candidate.built_in) return false;
  const auto& provides = candidate.manifest->provides;
  return std::any_of(provides.begin(), provides.end(),
                     [](const Promise& promise) { return promise.probe == "child"; });
}

ProbeReport probe_plugin(const Candidate& candidate, const RuntimeOptions& options) {
  ChildRequest request;
  ProbeReport failed;
  failed.state = PluginState::kProbeFailed;
  failed.keep = false;
  try {
    const HelperProgram helper = helper_program(kProbeProgram);
    request.program = helper.file;
    request.timeout = options.probe_timeout;
    request.longest = options.probe_timeout * kMostSteps;
    request.arguments = helper.words;
    request.arguments.push_back(candidate.file.string());
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
