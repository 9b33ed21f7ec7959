// The metadata of a model file as architecture plugins read it.
#pragma once

#include <wick/abi/arch.h>

#include "files/gguf.h"

namespace wick {

const wick_metadata* to_abi(const GgufFile& file) noexcept;
const wick_metadata_api& metadata_api() noexcept;

}  // namespace wick
