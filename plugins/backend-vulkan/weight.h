// A weight on a device: filling it tile by tile. Not for products.
#pragma once

#include <wick/sdk/planes_pack.h>

#include <map>
#include <mutex>

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

  const Layout& layout() const noexcept { return layout_; }
  std::uint64_t address() const noexcept { return memory_.address(); }
  std::uint64_t bytes() const noexcept { return layout_.total_bytes; }
  /// The values of a vector, as the host keeps them.
  const std::vector<float>& vector() const noexcept { return vector_; }

  /// See wick_backend_v1::weight_put; from any thread on disjoint rows.
  void put(std::uint64_t first_row, std::uint64_t first_col, const wick_unpacked& tile);
  void put_plain(std::uint64_t first_row, std::uint64_t n_rows, const void* rows);

 private:
  /// Rows whose columns come in several tiles.
  struct Pending {
    std::vector<std::uint8_t> bytes;
    std::uint64_t n_rows = 0, n_cols = 0;
  };
  RowPlanes planes_of(std::uint8_t* memory, std::uint64_t n_rows) const;
  RowPlanes mapped_planes(std::uint64_t first_row) const;
  void upload(std::uint64_t first_row, std::uint64_t n_rows, std::uint8_t* bytes);
  void write(const void* from, std::uint64_t n_bytes, std::uint64_t offset);
  void check_rows(std::uint64_t first_row, std::uint64_t n_rows) const;

  Uploader& uploader_;
  Layout layout_;
  std::uint32_t plain_type_;
  Memory memory_;
  std::vector<float> vector_;
  std::mutex mutex_;
  std::map<std::uint64_t, Pending> pending_;  ///< by first row
};

}  // namespace wick::vulkan
