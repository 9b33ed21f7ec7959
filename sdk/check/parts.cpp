// Static, load, skew, numerics, errors, memory. Where a plugin does not load, what follows is left
// out: it would say the same again.
#include "parts.h"

#include "callers.h"
#include "manifest.h"
#include "static_checks.h"

#include <wick/abi/format.h>

#include <algorithm>
#include <functional>

namespace wick::check {
namespace {

using std::chrono::seconds;

constexpr seconds kShort{60}, kLong{900};
/// Each allocation of a pass is failed once; a pass with more than these is cut there.
constexpr std::uint64_t kMostAllocations = 3000;

std::string check_header(const wick_plugin_header& header, const Manifest& manifest) {
  const auto differ = [](const char* what, const std::string& promised, const std::string& found) {
    return std::string(what) + ": the manifest says " + promised + ", the library " + found;
  };
  if (manifest.id != header.id) return differ("id", manifest.id, header.id);
  if (manifest.version != header.version)
    return differ("version", manifest.version, header.version);
  if (manifest.abi_major != header.abi_major || manifest.abi_minor != header.abi_minor)
    return differ("abi",
                  std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor),
                  std::to_string(header.abi_major) + "." + std::to_string(header.abi_minor));
  if (manifest.host_minor_min != header.host_minor_min)
    return differ("host_minor_min", std::to_string(manifest.host_minor_min),
                  std::to_string(header.host_minor_min));
  return "";
}

std::string check_promises(const CheckHost& host, const Manifest& manifest) {
  for (const Registered& provider : host.registered()) {
    const auto found = std::find_if(
        manifest.provides.begin(), manifest.provides.end(),
        [&](const Promise& p) { return p.kind == provider.kind && p.id == provider.id; });
    const std::string name = provider.kind + " " + provider.id;
    if (found == manifest.provides.end()) return name + " is registered, and not in the manifest";
    if (provider.kind != "quant") continue;
    const auto* format = static_cast<const wick_format_v1*>(provider.provider.vtable);
    if (found->gguf_type.value_or(WICK_NONE) != format->gguf_type)
      return name + " has another gguf_type in the manifest";
  }
  for (const Promise& promise : manifest.provides)
    if (std::none_of(host.registered().begin(), host.registered().end(),
                     [&](const auto& p) { return p.kind == promise.kind && p.id == promise.id; }))
      return promise.kind + " " + promise.id + " is in the manifest, and not registered";
  return "";
}

/// A plugin that is initialised, for one part.
class Loaded {
 public:
  Loaded(const std::string& library, std::uint32_t n_threads, const Sender& sender)
      : host_(n_threads) {
    sender.begin("loading, its static constructors");
    const wick_plugin_header& header = CheckHost::open(library);
    sender.begin("init()");
    host_.init(header);
  }
  const std::vector<Registered>& providers() const { return host_.registered(); }
  const CheckHost& host() const { return host_; }

 private:
  CheckHost host_;
};

void load_part(const std::string& library, const std::optional<Manifest>& manifest,
               const Sender& sender) {
  sender.begin("loading, its static constructors");
  const wick_plugin_header& header = CheckHost::open(library);
  sender.result("header", manifest ? check_header(header, *manifest) : "",
                std::string(header.id) + " " + header.version);
  {
    const Loaded loaded(library, 2, sender);
    const std::string wrong = manifest ? check_promises(loaded.host(), *manifest) : "";
    sender.result("init()", wrong, std::to_string(loaded.providers().size()) + " providers");
    sender.begin("shutdown()");
  }
  sender.begin("init() again");
  { const Loaded again(library, 1, sender); }
  sender.passed("init() again", "behind shutdown()");
}

void skew_part(const std::string& library, const Skew& played, const Settings& settings,
               const Sender& sender) {
  skew() = played;
  {
    const Loaded loaded(library, 2, sender);
    for (const Registered& provider : loaded.providers()) {
      if (provider.kind == "backend") skew_backend(provider, sender);
      if (provider.kind == "quant") skew_format(provider, sender);
      if (provider.kind == "arch") skew_arch(provider, settings, sender);
    }
    sender.begin("shutdown()");
  }
  sender.result("tables of the host", breach(), "untouched");
}

void numerics_part(const std::string& library, const Settings& settings, const Sender& sender) {
  const Loaded loaded(library, 2, sender);
  Tally ops, archs, quants;
  for (const Registered& provider : loaded.providers()) {
    if (provider.kind == "backend") backend_numerics(provider, ops, sender);
    if (provider.kind == "quant") format_numerics(provider, quants, sender);
    if (provider.kind == "arch") arch_numerics(provider, settings, archs, sender);
  }
  if (ops.n_all > 0) sender.count("ops", ops.n_passed, ops.n_all);
  if (archs.n_all > 0) sender.count("archs", archs.n_passed, archs.n_all);
  if (quants.n_all > 0) sender.count("quants", quants.n_passed, quants.n_all);
  sender.begin("shutdown()");
}

void errors_part(const std::string& library, const Settings& settings, const Sender& sender) {
  const Loaded loaded(library, 2, sender);
  for (const Registered& provider : loaded.providers()) {
    if (provider.kind == "backend") backend_errors(provider, sender);
    if (provider.kind == "quant") format_errors(provider, sender);
    if (provider.kind == "arch") arch_errors(provider, settings, sender);
  }
  sender.begin("shutdown()");
}

/// Runs body again and again, each time with another allocation that fails, until none does.
template <class Body>
void fail_each_allocation(const std::string& subject, const Sender& sender, Body&& body) {
  for (std::uint64_t n = 1;; ++n) {
    sender.begin(subject + ", allocation " + std::to_string(n) + " fails");
    fail_allocation(n);
    try {
      body();
    } catch (const Error&) {
      // Reported: that is what it should do.
    }
    const bool came_to_it = allocation_failed();
    fail_allocation(0);
    if (came_to_it && n < kMostAllocations) continue;
    return sender.passed(subject,
                         std::to_string(came_to_it ? n : n - 1) + " allocations, each failed once");
  }
}

void memory_part(const std::string& library, const Settings& settings, const Sender& sender) {
  sender.begin("loading, its static constructors");
  const wick_plugin_header& header = CheckHost::open(library);
  note_libraries();
  fail_each_allocation("init()", sender, [&] {
    CheckHost host(1);
    host.init(header);
  });
  const Loaded loaded(library, 1, sender);
  for (const Registered& provider : loaded.providers()) {
    std::function<void()> pass = [] {};
    if (provider.kind == "backend") pass = [&] { use_backend(provider); };
    if (provider.kind == "quant") pass = [&] { use_format(provider); };
    if (provider.kind == "arch") pass = arch_pass(provider, settings);
    fail_each_allocation(provider.kind + " " + provider.id, sender, pass);
  }
  sender.begin("shutdown()");
}

void add_manifest_row(const std::optional<Manifest>& manifest, Report& report) {
  if (manifest)
    report.rows.push_back({"static", "manifest", Verdict::kPassed, manifest->file});
  else
    report.rows.push_back({"static", "manifest", Verdict::kFailed,
                           "no *.wick.json in its folder names this library; wick_add_plugin() "
                           "makes one"});
}

/// Their reader is the host's, which tells by the settings.
void add_recipes_row(const std::optional<Manifest>& manifest, const Settings& settings,
                     Report& report) {
  if (!settings.recipes_fault.empty())
    report.rows.push_back({"static", "recipes", Verdict::kFailed, settings.recipes_fault});
  else if (!settings.recipes.empty())
    report.rows.push_back({"static", "recipes", Verdict::kPassed, settings.recipes});
  else if (manifest && !manifest->recipes.empty())
    report.rows.push_back({"static", "recipes", Verdict::kSkipped,
                           manifest->recipes + " was not read: `wick plugins check` does"});
}

}  // namespace

Report check_plugin(const std::string& library, const Settings& settings) {
  Report report;
  report.file = library;
  report.rows = static_checks(read_elf(library));
  const auto manifest = manifest_of(library);
  add_manifest_row(manifest, report);
  add_recipes_row(manifest, settings, report);
  if (manifest) {
    report.id = manifest->id;
    report.version = manifest->version;
  }
  const std::size_t n_static = report.rows.size();
  run_part("load", kShort, report, [&](const Sender& s) { load_part(library, manifest, s); });
  for (std::size_t i = n_static; i < report.rows.size(); ++i)
    if (report.rows[i].verdict == Verdict::kFailed) return report;
  const auto run = [&](const std::string& part, const std::function<void(const Sender&)>& body) {
    if (part == settings.without)
      report.rows.push_back({part, "all", Verdict::kSkipped, "--without"});
    else
      run_part(part, kLong, report, body);
  };
  run("skew, host 1.0", [&](const Sender& s) { skew_part(library, kFirstHost, settings, s); });
  run("skew, host 1.99", [&](const Sender& s) { skew_part(library, kLateHost, settings, s); });
  run("numerics", [&](const Sender& s) { numerics_part(library, settings, s); });
  run("errors", [&](const Sender& s) { errors_part(library, settings, s); });
  run("memory", [&](const Sender& s) { memory_part(library, settings, s); });
  return report;
}

}  // namespace wick::check
