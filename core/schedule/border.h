// A matrix on its way between two devices, or to the host: memory of the host that devices use in
// place where they can.
#pragma once

#include <wick/abi/graph.h>

#include <cstdint>
#include <memory>

#include "schedule/device.h"

namespace wick {

/// Rows of f32 in memory that begins and ends at a page, as devices that import memory want it.
class Border {
 public:
  Border(std::uint64_t max_rows, std::uint64_t width, bool rows_are_outputs);

  /// Bytes of one.
  static std::uint64_t capacity_of(std::uint64_t max_rows, std::uint64_t width) noexcept;

  float* data() const noexcept { return reinterpret_cast<float*>(memory_.get()); }
  std::uint64_t capacity() const noexcept { return capacity_; }
  /// Of the rows that this batch has.
  std::uint64_t bytes(const wick_batch& batch) const noexcept;
  bool rows_are_outputs() const noexcept { return rows_are_outputs_; }

 private:
  struct Free {
    void operator()(std::byte* memory) const noexcept;
  };
  std::uint64_t row_bytes_, capacity_;
  bool rows_are_outputs_;
  std::unique_ptr<std::byte, Free> memory_;
};

/// One device's view of a border. The border must outlive it.
class BorderEnd {
 public:
  BorderEnd(const Device& device, Border& border);

  wick_buffer* buffer() const noexcept { return buffer_.get(); }
  const Border& border() const noexcept { return *border_; }
  /// From the host's memory to the device; nothing where they are the same.
  void send(const Device& device, const wick_batch& batch) const;
  /// From the device to the host's memory.
  void receive(const Device& device, const wick_batch& batch) const;

 private:
  Border* border_;
  bool is_imported_ = false;
  Owned<wick_buffer> buffer_;
};

}  // namespace wick
