// Says whose memory is spent, and what to do: a backend knows neither the plan nor the options.
#pragma once

#include <wick/error.h>

#include <string>

namespace wick {

/// Runs body; kOutOfMemory gets `name` (a line of the plan) in front and a hint, everything else
/// passes as it is.
template <class Body>
void with_named_memory(const std::string& name, const Body& body) {
  try {
    body();
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kOutOfMemory) throw;
    throw Error(e.code(), name + ": " + e.what(),
                "use a smaller --ctx or model, or give this device fewer layers with --layers");
  }
}

}  // namespace wick
