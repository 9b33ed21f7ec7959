// The checks of each kind of provider. Each sends rows; what crashes is blamed on what was begun.
#pragma once

#include "check_host.h"
#include "child.h"

#include <functional>

namespace wick::check {

/// What the command line says about how to check.
struct Settings {
  std::string metadata;  ///< JSON file of keys for architectures; empty: none
  std::string without;   ///< a part that is left out; empty: none
  /// What the host read of the plugin's recipes, or what is wrong with them; empty: it was not
  /// asked.
  std::string recipes, recipes_fault;
};

/// Counts that become the badge: "ops", "archs", "quants". Summed over the providers of a plugin.
struct Tally {
  std::uint32_t n_passed = 0, n_all = 0;
};

/// Part 2: a little of everything, with the structs of the played host.
void skew_backend(const Registered& provider, const Sender& sender);
void skew_format(const Registered& provider, const Sender& sender);
void skew_arch(const Registered& provider, const Settings& settings, const Sender& sender);

/// Part 3: results.
void backend_numerics(const Registered& provider, Tally& ops, const Sender& sender);
void format_numerics(const Registered& provider, Tally& quants, const Sender& sender);
void arch_numerics(const Registered& provider, const Settings& settings, Tally& archs,
                   const Sender& sender);

/// Part 4: calls that must be refused.
void backend_errors(const Registered& provider, const Sender& sender);
void format_errors(const Registered& provider, const Sender& sender);
void arch_errors(const Registered& provider, const Settings& settings, const Sender& sender);

/// Part 4, memory: one pass over the functions that allocate. Throws what the plugin reports.
void use_backend(const Registered& provider);
void use_format(const Registered& provider);
/// The pass, on the first sample model that the architecture opens.
std::function<void()> arch_pass(const Registered& provider, const Settings& settings);

/// Empty where body() was refused with a code and a sentence.
template <class Body>
std::string need_refusal(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    return *e.what() ? "" : "it is refused without a sentence";
  }
  return "it is not refused";
}

}  // namespace wick::check
