// See weight.h.
#include "weight.h"

namespace wick::opencl {

Weight::Weight(Device& device, Uploader& uploader, const wick_weight_desc& desc)
    : uploader_(uploader),
      filler_("opencl", desc,
              [this](const void* from, std::uint64_t n_bytes, std::uint64_t offset) {
                uploader_.copy(from, n_bytes, memory_, offset);
              }),
      memory_(device, layout().total_bytes) {
  if (device.can().shares_memory) memory_.map();
  filler_.start(memory_.mapped());
}

Weight::~Weight() {
  if (memory_.mapped()) return;
  try {
    uploader_.finish();
  } catch (const std::exception&) {
    // The device is lost: nothing is on its way any more, and whoever uses it next is told.
  }
}

}  // namespace wick::opencl
