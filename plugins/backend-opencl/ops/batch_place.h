// Where a batch's parts begin, as kernels/batch.clh takes it.
#pragma once

#include "batch.h"

namespace wick::opencl {

/// BatchPlace of the kernels: passed by value.
struct BatchPlace {
  explicit BatchPlace(const Batch& batch)
      : runs(batch.runs_at()), outputs(batch.outputs_at()), blocks(batch.blocks_at()) {}
  std::uint32_t runs, outputs, blocks;
};

}  // namespace wick::opencl
