// What a bound model, with the user's options, asks of devices.
#pragma once

#include <cstdint>

#include "model/bound_model.h"
#include "model/model.h"
#include "schedule/model_demand.h"

namespace wick {

/// Tokens of one sequence at most.
std::uint32_t context_of(const ModelFacts& facts, const ModelOptions& options);

/// The model must outlive it.
ModelDemand demand_of(const BoundModel& model, const ModelOptions& options);

}  // namespace wick
