// How much a relative error of each matrix harms a model's predictions: a guess, made to agree with
// what was measured on small models.
#pragma once

#include <map>
#include <string>

#include "quantize/tensor_place.h"

namespace wick {

/// Divergence for each part of relative squared error, in units in which that of all that layers
/// add together is 1. `energies`: of the product of each matrix, mean square, where importance says
/// it; matrices that are not there get what is usual for their place.
std::map<std::string, double, std::less<>> find_harms(
    const ModelPlaces& places, const std::map<std::string, double, std::less<>>& energies);

}  // namespace wick
