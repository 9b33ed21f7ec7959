// A backend that runs the reference ops, in doubles and on one thread, and logs what it is asked
// for. For reading and debugging; not for speed.
#pragma once

#include <wick/sdk/backend.h>

#include <memory>

namespace trace {

/// The host's tables must outlive it.
std::unique_ptr<wick::sdk::Backend> make_backend(const wick::sdk::Host& host);

}  // namespace trace
