// Keys that the author of an architecture gives for the model that does not exist.
#pragma once

#include "arch_host.h"

#include <string>

namespace wick::check {

/// Adds the keys of a JSON object: numbers, texts, truths, lists of numbers. "tensors" is an object
/// of names and dimensions, outermost first. Errors: kMissingFile, kBadFile.
void add_metadata(const std::string& file, SampleModel& model);

}  // namespace wick::check
