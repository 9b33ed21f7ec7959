// Checks what arrives, then packs it. Widened classes and vectors are decoded to f32 on the way.
#include "weight.h"

#include <wick/error.h>
#include <wick/sdk/half.h>

#include <cstring>
#include <vector>

#include "decode.h"
#include "pack.h"

namespace wick::cpu {
namespace {

void check_rows(const Layout& layout, std::uint64_t first_row, std::uint64_t n_rows) {
  const bool is_whole = n_rows <= layout.n_rows && first_row <= layout.n_rows - n_rows &&
                        first_row % kTileRows == 0 &&
                        (n_rows % kTileRows == 0 || first_row + n_rows == layout.n_rows);
  if (!is_whole)
    fail(ErrorCode::kBadArgument, "weight: rows ", first_row, " + ", n_rows, " of ", layout.n_rows,
         " cannot be put, need whole tiles of ", kTileRows);
}

void check_tile(const Layout& layout, std::uint64_t first_col, const wick_unpacked& tile) {
  const wick_storage_class& c = layout.storage;
  const bool is_whole = tile.n_cols <= layout.n_cols && first_col <= layout.n_cols - tile.n_cols &&
                        first_col % c.super_values == 0 && tile.n_cols % c.super_values == 0;
  const bool is_complete = tile.codes && tile.scales && (!c.has_min || tile.mins) &&
                           (!c.sub_scale_bits || tile.sub_scales) &&
                           (!c.has_min || !c.sub_min_bits || tile.sub_mins);
  if (!layout.has_class || !is_whole || !is_complete)
    fail(ErrorCode::kBadArgument, "weight: columns ", first_col, " + ", tile.n_cols, " of ",
         layout.n_cols, " cannot be put, need the parts of its class in whole supers");
}

float plain_value(std::uint32_t type, const std::uint8_t* rows, std::uint64_t index) noexcept {
  if (type == WICK_TYPE_F32) {
    float value;
    std::memcpy(&value, rows + index * 4, 4);
    return value;
  }
  std::uint16_t half;
  std::memcpy(&half, rows + index * 2, 2);
  return type == WICK_TYPE_F16 ? sdk::f16_to_f32(half) : sdk::bf16_to_f32(half);
}

}  // namespace

Weight::Weight(const wick_weight_desc& desc)
    : layout_(make_layout(desc)),
      packed_(layout_.kernel_view()),
      memory_(layout_.total_bytes, Pages::kHuge) {}

Weight::Weight(const wick_weight_desc& desc, std::shared_ptr<const PackedFile> file,
               const std::uint8_t* data)
    : layout_(make_layout(desc)),
      packed_(layout_.kernel_view()),
      file_(std::move(file)),
      mapped_(data) {}

void Weight::check_empty() const {
  if (is_mapped()) fail(ErrorCode::kBadArgument, "weight: it is full already, nothing can be put");
}

void Weight::put(std::uint64_t first_row, std::uint64_t first_col, const wick_unpacked& tile) {
  check_empty();
  check_rows(layout_, first_row, tile.n_rows);
  if (!layout_.has_class) fail(ErrorCode::kBadArgument, "weight: a plain weight has no codes");
  check_tile(layout_, first_col, tile);
  if (layout_.element == Element::kPacked)
    return pack_rows(layout_, memory_.data(), first_row, first_col, tile);
  std::vector<float> row(tile.n_cols);
  for (std::uint64_t r = 0; r < tile.n_rows; ++r) {
    decode_unpacked_row(layout_, tile, r, row.data());
    const std::uint64_t to = first_row + r;
    auto* out = reinterpret_cast<float*>(memory_.data());
    if (layout_.element == Element::kVector) {
      std::memcpy(out + to * layout_.n_cols + first_col, row.data(), row.size() * 4);
      continue;
    }
    out += to / kTileRows * (layout_.tile_bytes / 4) + to % kTileRows;
    for (std::uint64_t c = 0; c < row.size(); ++c) out[(first_col + c) * kTileRows] = row[c];
  }
}

void Weight::put_plain(std::uint64_t first_row, std::uint64_t n_rows, const void* rows) {
  check_empty();
  check_rows(layout_, first_row, n_rows);
  if (layout_.has_class)
    fail(ErrorCode::kBadArgument, "weight: plain rows for a weight with a storage class");
  if (layout_.element != Element::kVector)
    return pack_plain_rows(layout_, memory_.data(), first_row, n_rows, rows);
  auto* out = reinterpret_cast<float*>(memory_.data()) + first_row * layout_.n_cols;
  for (std::uint64_t i = 0; i < n_rows * layout_.n_cols; ++i)
    out[i] = plain_value(layout_.plain_type, static_cast<const std::uint8_t*>(rows), i);
}

void Weight::read_row(std::uint64_t row, float* out) const noexcept {
  if (layout_.element == Element::kVector) {
    std::memcpy(out, vector() + row * layout_.n_cols, layout_.n_cols * 4);
    return;
  }
  decode_tile_row(layout_, data() + row / kTileRows * layout_.tile_bytes,
                  static_cast<std::uint32_t>(row % kTileRows), out);
}

}  // namespace wick::cpu
