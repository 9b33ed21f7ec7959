// The backend template-name: one device, which computes with the plain ops of the conformance kit.
// Correct and slow: replace one part after the other, and let `wick plugins check` tell whether it
// still is correct.
#pragma once

#include <wick/sdk/backend.h>

#include <memory>

namespace template_name_plugin {

std::unique_ptr<wick::sdk::Backend> make_backend(const wick::sdk::Host& host);

}  // namespace template_name_plugin
