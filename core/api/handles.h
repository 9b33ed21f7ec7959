// What the opaque handles of the C API hold. Each keeps what it stands on alive, so that they may
// be freed in any order.
#pragma once

#include <wick/wick.h>

#include <memory>

#include "api/generation_state.h"
#include "api/session_state.h"
#include "plugins/runtime.h"

struct wick_engine {
  std::shared_ptr<wick::Runtime> runtime;
};

struct wick_model {
  std::shared_ptr<wick::api::LoadedModel> loaded;
};

struct wick_session {
  std::shared_ptr<wick::api::SessionState> state;
};

struct wick_generation {
  wick::api::GenerationState state;
};
