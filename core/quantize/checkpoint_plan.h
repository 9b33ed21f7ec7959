// Finds the tensors that an architecture needs in a checkpoint, and decides what they become.
#pragma once

#include <string>
#include <vector>

#include "files/safetensors.h"
#include "graph/builder.h"
#include "model/arch_session.h"
#include "quantize/converted_config.h"
#include "quantize/tensor_plan.h"

namespace wick {

/// Every tensor of the result with its source, checked, in the order of the declarations, as F32.
/// Errors: kBadFile for one that is missing or has another shape
/// or a dtype that is no weight; kIncompatible for a transform that this version has not.
std::vector<PlannedTensor> plan_checkpoint(const SafetensorsFile& file,
                                           const std::vector<TensorNeed>& needs,
                                           const ConvertedConfig& config);

/// The declarations with what the plan has of them, for building the graph.
std::map<std::string, DeclaredTensor, std::less<>> declared(const std::vector<TensorNeed>& needs,
                                                            const std::vector<PlannedTensor>& plan);

/// A note where the checkpoint has tensors that nothing asks for; empty where all are used.
std::vector<std::string> unused_tensors(const SafetensorsFile& file,
                                        const std::vector<PlannedTensor>& plan,
                                        const std::vector<TensorNeed>& needs,
                                        const ConvertedConfig& config);

}  // namespace wick
