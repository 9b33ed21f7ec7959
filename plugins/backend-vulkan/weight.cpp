// See weight.h. Memory that the host sees is packed in place; else rows are packed here and
// uploaded when all their columns are there.
#include "weight.h"

#include <cstring>

namespace wick::vulkan {

Weight::Weight(Device& device, Uploader& uploader, const wick_weight_desc& desc)
    : uploader_(uploader),
      layout_(sdk::planes::make_layout("vulkan", desc)),
      plain_type_(desc.plain_type),
      memory_(device, layout_.total_bytes, Place::kDevice) {
  if (layout_.is_vector) vector_.resize(layout_.n_rows * layout_.n_cols);
  if (memory_.mapped()) std::memset(memory_.mapped(), 0, layout_.total_bytes);
  if (!layout_.table.empty())
    write(layout_.table.data(), layout_.table.size() * sizeof(float), layout_.table_offset);
}

Weight::~Weight() {
  if (memory_.mapped()) return;
  try {
    uploader_.finish();
  } catch (const std::exception&) {
    // The device is lost: nothing is on its way any more, and whoever uses it next is told.
  }
}

void Weight::write(const void* from, std::uint64_t n_bytes, std::uint64_t offset) {
  if (memory_.mapped())
    std::memcpy(memory_.mapped() + offset, from, n_bytes);
  else
    uploader_.copy(from, n_bytes, memory_.buffer(), offset);
}

RowPlanes Weight::planes_of(std::uint8_t* memory, std::uint64_t n_rows) const {
  RowPlanes planes{};
  for (std::size_t i = 0; i < kPlanes; ++i) {
    planes[i] = memory;
    memory += layout_.planes[i].row_bytes * n_rows;
  }
  return planes;
}

RowPlanes Weight::mapped_planes(std::uint64_t first_row) const {
  RowPlanes planes{};
  for (std::size_t i = 0; i < kPlanes; ++i)
    planes[i] =
        memory_.mapped() + layout_.planes[i].offset + first_row * layout_.planes[i].row_bytes;
  return planes;
}

void Weight::upload(std::uint64_t first_row, std::uint64_t n_rows, std::uint8_t* bytes) {
  const RowPlanes planes = planes_of(bytes, n_rows);
  for (std::size_t i = 0; i < kPlanes; ++i) {
    const Plane& plane = layout_.planes[i];
    if (plane.row_bytes > 0)
      write(planes[i], plane.row_bytes * n_rows, plane.offset + first_row * plane.row_bytes);
  }
}

void Weight::check_rows(std::uint64_t first_row, std::uint64_t n_rows) const {
  if (first_row > layout_.n_rows || n_rows > layout_.n_rows - first_row)
    fail(ErrorCode::kBadArgument, "vulkan: rows ", first_row, " + ", n_rows, " of a weight of ",
         layout_.n_rows, " do not exist");
}

void Weight::put(std::uint64_t first_row, std::uint64_t first_col, const wick_unpacked& tile) {
  check_rows(first_row, tile.n_rows);
  if (layout_.packing.is_plain() || first_col > layout_.n_cols ||
      tile.n_cols > layout_.n_cols - first_col || tile.n_cols % layout_.packing.super != 0 ||
      first_col % layout_.packing.super != 0)
    fail(ErrorCode::kBadArgument, "vulkan: columns ", first_col, " + ", tile.n_cols,
         " of a weight of ", layout_.n_cols, " cannot be put");
  if (memory_.mapped()) {
    pack_tile(layout_, tile, first_col, mapped_planes(first_row));
    return;
  }
  std::uint64_t row_bytes = 0;
  for (const Plane& plane : layout_.planes) row_bytes += plane.row_bytes;
  Pending* rows = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    rows = &pending_[first_row];
  }
  if (rows->bytes.empty()) {
    rows->bytes.assign(row_bytes * tile.n_rows, 0);
    rows->n_rows = tile.n_rows;
  }
  if (rows->n_rows != tile.n_rows)
    fail(ErrorCode::kBadArgument, "vulkan: tiles of one row have different heights");
  pack_tile(layout_, tile, first_col, planes_of(rows->bytes.data(), rows->n_rows));
  rows->n_cols += tile.n_cols;
  if (rows->n_cols < layout_.n_cols) return;
  upload(first_row, rows->n_rows, rows->bytes.data());
  const std::lock_guard<std::mutex> lock(mutex_);
  pending_.erase(first_row);
}

void Weight::put_plain(std::uint64_t first_row, std::uint64_t n_rows, const void* rows) {
  check_rows(first_row, n_rows);
  if (!layout_.packing.is_plain())
    fail(ErrorCode::kBadArgument, "vulkan: plain rows for a weight of another storage class");
  if (memory_.mapped() && !layout_.is_vector) {
    pack_plain(layout_, plain_type_, rows, n_rows, mapped_planes(first_row));
    return;
  }
  std::uint64_t row_bytes = 0;
  for (const Plane& plane : layout_.planes) row_bytes += plane.row_bytes;
  std::vector<std::uint8_t> bytes(row_bytes * n_rows);
  pack_plain(layout_, plain_type_, rows, n_rows, planes_of(bytes.data(), n_rows));
  if (layout_.is_vector)
    std::memcpy(vector_.data() + first_row * layout_.n_cols, bytes.data(), bytes.size());
  upload(first_row, n_rows, bytes.data());
}

}  // namespace wick::vulkan
