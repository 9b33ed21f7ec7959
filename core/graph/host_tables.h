// The tables of this room, for the host's: see wick_host_api.
#pragma once

#include "plugins/runtime_options.h"

namespace wick {

const HostTables& host_tables() noexcept;

}  // namespace wick
