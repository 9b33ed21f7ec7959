// A weight in the planes of a layout (planes.h), filled tile by tile as the host hands it over: in
// place where the host sees the memory, else packed aside and written when all columns of its rows
// are there. Not for how a tile is packed (planes_pack.h).
#pragma once

#include <wick/sdk/planes_pack.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace wick {
inline namespace v1 {
namespace sdk {
namespace planes {

/// From any thread on disjoint rows, as wick_backend_v1::weight_put is called.
class Filler {
 public:
  /// Copies bytes to an offset of the weight's memory; where the host does not see it.
  using Write = std::function<void(const void* from, std::uint64_t n_bytes, std::uint64_t offset)>;

  /// Throws as make_layout does; `backend` stands in front of its sentences.
  Filler(std::string_view backend, const wick_weight_desc& desc, Write write)
      : backend_(backend),
        layout_(make_layout(backend, desc)),
        plain_type_(desc.plain_type),
        write_(std::move(write)) {
    if (layout_.is_vector) vector_.resize(layout_.n_rows * layout_.n_cols);
  }

  const Layout& layout() const noexcept { return layout_; }
  /// The values of a vector, as the host keeps them.
  const std::vector<float>& vector() const noexcept { return vector_; }

  /// Once, before anything is put. `mapped`: layout().total_bytes that the host sees, which are
  /// cleared; null where it does not.
  void start(std::uint8_t* mapped) {
    mapped_ = mapped;
    if (mapped_) std::memset(mapped_, 0, layout_.total_bytes);
    if (!layout_.table.empty())
      write(layout_.table.data(), layout_.table.size() * sizeof(float), layout_.table_offset);
  }

  void put(std::uint64_t first_row, std::uint64_t first_col, const wick_unpacked& tile) {
    need_rows(first_row, tile.n_rows);
    need_columns(first_col, tile.n_cols);
    if (mapped_) return pack_tile(layout_, tile, first_col, mapped_planes(first_row));
    Pending& rows = pending(first_row, tile.n_rows);
    pack_tile(layout_, tile, first_col, planes_of(rows.bytes.data(), rows.n_rows));
    rows.n_cols += tile.n_cols;
    if (rows.n_cols < layout_.n_cols) return;
    write_rows(first_row, rows.n_rows, rows.bytes.data());
    const std::lock_guard<std::mutex> lock(mutex_);
    pending_.erase(first_row);
  }

  void put_plain(std::uint64_t first_row, std::uint64_t n_rows, const void* rows) {
    need_rows(first_row, n_rows);
    if (!layout_.packing.is_plain())
      fail(ErrorCode::kBadArgument, backend_, ": plain rows for a weight of another storage class");
    if (mapped_ && !layout_.is_vector)
      return pack_plain(layout_, plain_type_, rows, n_rows, mapped_planes(first_row));
    std::vector<std::uint8_t> bytes(row_bytes() * n_rows);
    pack_plain(layout_, plain_type_, rows, n_rows, planes_of(bytes.data(), n_rows));
    if (layout_.is_vector)
      std::memcpy(vector_.data() + first_row * layout_.n_cols, bytes.data(), bytes.size());
    write_rows(first_row, n_rows, bytes.data());
  }

 private:
  /// Rows whose columns come in several tiles.
  struct Pending {
    std::vector<std::uint8_t> bytes;
    std::uint64_t n_rows = 0, n_cols = 0;
  };

  std::uint64_t row_bytes() const noexcept {
    std::uint64_t bytes = 0;
    for (const Plane& plane : layout_.planes) bytes += plane.row_bytes;
    return bytes;
  }
  RowPlanes planes_of(std::uint8_t* memory, std::uint64_t n_rows) const {
    RowPlanes planes{};
    for (std::size_t i = 0; i < kPlanes; ++i) {
      planes[i] = memory;
      memory += layout_.planes[i].row_bytes * n_rows;
    }
    return planes;
  }
  RowPlanes mapped_planes(std::uint64_t first_row) const {
    RowPlanes planes{};
    for (std::size_t i = 0; i < kPlanes; ++i)
      planes[i] = mapped_ + layout_.planes[i].offset + first_row * layout_.planes[i].row_bytes;
    return planes;
  }
  void write(const void* from, std::uint64_t n_bytes, std::uint64_t offset) {
    if (mapped_)
      std::memcpy(mapped_ + offset, from, n_bytes);
    else
      write_(from, n_bytes, offset);
  }
  void write_rows(std::uint64_t first_row, std::uint64_t n_rows, std::uint8_t* bytes) {
    const RowPlanes planes = planes_of(bytes, n_rows);
    for (std::size_t i = 0; i < kPlanes; ++i) {
      const Plane& plane = layout_.planes[i];
      if (plane.row_bytes > 0)
        write(planes[i], plane.row_bytes * n_rows, plane.offset + first_row * plane.row_bytes);
    }
  }
  void need_rows(std::uint64_t first_row, std::uint64_t n_rows) const {
    if (first_row > layout_.n_rows || n_rows > layout_.n_rows - first_row)
      fail(ErrorCode::kBadArgument, backend_, ": rows ", first_row, " + ", n_rows,
           " of a weight of ", layout_.n_rows, " do not exist");
  }
  void need_columns(std::uint64_t first_col, std::uint64_t n_cols) const {
    const Packing& p = layout_.packing;
    if (p.is_plain() || first_col > layout_.n_cols || n_cols > layout_.n_cols - first_col ||
        n_cols % p.super != 0 || first_col % p.super != 0)
      fail(ErrorCode::kBadArgument, backend_, ": columns ", first_col, " + ", n_cols,
           " of a weight of ", layout_.n_cols, " cannot be put");
  }
  Pending& pending(std::uint64_t first_row, std::uint64_t n_rows) {
    Pending* rows = nullptr;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      rows = &pending_[first_row];
    }
    if (rows->bytes.empty()) {
      rows->bytes.assign(row_bytes() * n_rows, 0);
      rows->n_rows = n_rows;
    }
    if (rows->n_rows != n_rows)
      fail(ErrorCode::kBadArgument, backend_, ": tiles of one row have different heights");
    return *rows;
  }

  std::string backend_;
  Layout layout_;
  std::uint32_t plain_type_;
  Write write_;
  std::uint8_t* mapped_ = nullptr;
  std::vector<float> vector_;
  std::mutex mutex_;
  std::map<std::uint64_t, Pending> pending_;  ///< by first row
};

}  // namespace planes
}  // namespace sdk
}  // namespace v1
}  // namespace wick
