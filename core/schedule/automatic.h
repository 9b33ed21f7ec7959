// --backend auto: which of the devices that are there a model is to use.
#pragma once

#include "schedule/placement.h"

namespace wick {

/// With one backend that has devices: its first, or all of them where the model does not fit there;
/// nothing is measured. With several: the plan whose token is expected to take least, of each
/// device alone and of the fastest two, three and so on together; of devices with one stable id the
/// first by rank counts. The notes say what was passed over, and why. Errors: kUnavailable where
/// nothing can run the model; kUsage.
Placement place_automatically(Registry& registry, const PlacementOptions& options,
                              const ModelDemand& demand);

}  // namespace wick
