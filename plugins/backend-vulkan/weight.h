// A weight on a device: filling it tile by tile. Not for products.
#pragma once

#include <wick/sdk/planes_fill.h>

#include "device.h"
#include "uploader.h"

namespace wick::vulkan {

using sdk::planes::Kind;
using sdk::planes::kUnit;
using sdk::planes::Layout;
using sdk::planes::Packing;
using sdk::planes::Plane;
using sdk::planes::PlaneIndex;
using sdk::planes::RowPlanes;
using enum sdk::planes::PlaneIndex;

class Weight {
 public:
  Weight(Device& device, Uploader& uploader, const wick_weight_desc& desc);
  /// Waits for what is on its way into it: a load that failed frees weights at any time.
  ~Weight();
  Weight(const Weight&) = delete;
  Weight& operator=(const Weight&) = delete;

  const Layout& layout() const noexcept { return filler_.layout(); }
  std::uint64_t address() const noexcept { return memory_.address(); }
  std::uint64_t bytes() const noexcept { return layout().total_bytes; }
  /// The values of a vector, as the host keeps them.
  const std::vector<float>& vector() const noexcept { return filler_.vector(); }

  /// See wick_backend_v1::weight_put; from any thread on disjoint rows.
  void put(std::uint64_t first_row, std::uint64_t first_col, const wick_unpacked& tile) {
    filler_.put(first_row, first_col, tile);
  }
  void put_plain(std::uint64_t first_row, std::uint64_t n_rows, const void* rows) {
    filler_.put_plain(first_row, n_rows, rows);
  }

 private:
  Uploader& uploader_;
  sdk::planes::Filler filler_;
  Memory memory_;
};

}  // namespace wick::vulkan
