// See border.h.
#include "schedule/border.h"

#include <wick/error.h>

#include <algorithm>
#include <new>

namespace wick {
namespace {

constexpr std::size_t kPage = 4096;

/// Nothing where this device, or this memory, cannot be used in place: then it is copied.
wick_buffer* import_memory(const Device& device, Border& border) {
  const wick_backend_v1& table = device.table();
  if (!WICK_CAN(&table, buffer_import)) return nullptr;
  wick_buffer* made = nullptr;
  try {
    device.call(table.buffer_import, device.index(), static_cast<void*>(border.data()),
                border.capacity(), &made);
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kUnavailable) throw;
    return nullptr;
  }
  return made;
}

}  // namespace

void Border::Free::operator()(std::byte* memory) const noexcept {
  ::operator delete (memory, std::align_val_t{kPage});
}

std::uint64_t Border::capacity_of(std::uint64_t max_rows, std::uint64_t width) noexcept {
  const std::uint64_t n_bytes = std::max<std::uint64_t>(1, max_rows * width * sizeof(float));
  return (n_bytes + kPage - 1) / kPage * kPage;
}

Border::Border(std::uint64_t max_rows, std::uint64_t width, bool rows_are_outputs)
    : row_bytes_(width * sizeof(float)),
      capacity_(capacity_of(max_rows, width)),
      rows_are_outputs_(rows_are_outputs),
      memory_(static_cast<std::byte*>(::operator new (capacity_, std::align_val_t{kPage}))) {
  std::fill_n(memory_.get(), capacity_, std::byte{0});
}

std::uint64_t Border::bytes(const wick_batch& batch) const noexcept {
  return row_bytes_ * (rows_are_outputs_ ? batch.n_outputs : batch.n_tokens);
}

BorderEnd::BorderEnd(const Device& device, Border& border) : border_(&border) {
  wick_buffer* made = import_memory(device, border);
  is_imported_ = made != nullptr;
  if (!made) device.call(device.table().buffer_create, device.index(), border.capacity(), &made);
  buffer_ = own(device, made, device.table().buffer_free);
}

void BorderEnd::send(const Device& device, const wick_batch& batch) const {
  const std::uint64_t n = border_->bytes(batch);
  if (!is_imported_ && n > 0)
    device.call(device.table().buffer_write, buffer_.get(), std::uint64_t{0},
                static_cast<const void*>(border_->data()), n, nullptr);
}

void BorderEnd::receive(const Device& device, const wick_batch& batch) const {
  const std::uint64_t n = border_->bytes(batch);
  if (!is_imported_ && n > 0)
    device.call(device.table().buffer_read, buffer_.get(), std::uint64_t{0},
                static_cast<void*>(border_->data()), n, nullptr);
}

}  // namespace wick
