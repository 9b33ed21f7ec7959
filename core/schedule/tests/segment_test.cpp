// Segments on a device that adds 1 to what it gets: where borders are copied, and what happens when
// memory is spent.
#include "schedule/segment.h"

#include <gtest/gtest.h>
#include <wick/error.h>

#include <cstring>
#include <memory>

#include "schedule/executor.h"

namespace wick {
namespace {

constexpr std::uint32_t kWidth = 3, kMaxTokens = 4;

/// Every function of a backend that a segment calls.
struct AddingDevice {
  wick_code import_code = WICK_OK, resize_code = WICK_OK;
  std::size_t n_written = 0, n_read = 0, n_runs = 0, n_resized = 0;
  wick_backend_v1 table = make_table();

  Device device() { return Device({"backend", "adder", "test", &table, this}, 0); }

 private:
  struct Buffer {
    std::unique_ptr<std::byte[]> own;
    std::byte* data;
  };
  static AddingDevice& of(void* self) { return *static_cast<AddingDevice*>(self); }
  static Buffer& of(wick_buffer* buffer) { return *reinterpret_cast<Buffer*>(buffer); }
  template <class Handle>
  static Handle* something() {
    static char byte;
    return reinterpret_cast<Handle*>(&byte);
  }
  static wick_backend_v1 make_table();
  static void add_plans(wick_backend_v1& t);
  static void add_buffers(wick_backend_v1& t);
  static void add_states(wick_backend_v1& t);
};

void AddingDevice::add_plans(wick_backend_v1& t) {
  t.compile = +[](void*, std::uint32_t, const wick_compile_request*, wick_plan** plan,
                  wick_error*) noexcept -> wick_code {
    *plan = something<wick_plan>();
    return WICK_OK;
  };
  t.plan_free = +[](void*, wick_plan*) noexcept {};
  t.run = +[](void* self, wick_plan*, const wick_bindings* bindings, wick_fence**,
              wick_error*) noexcept -> wick_code {
    ++of(self).n_runs;
    for (std::uint32_t i = 0; i < bindings->batch->n_tokens * kWidth; ++i) {
      float value = 0;
      std::memcpy(&value, of(bindings->buffers[0].buffer).data + 4 * i, 4);
      value += 1;
      std::memcpy(of(bindings->buffers[1].buffer).data + 4 * i, &value, 4);
    }
    return WICK_OK;
  };
}

void AddingDevice::add_buffers(wick_backend_v1& t) {
  t.buffer_create = +[](void*, std::uint32_t, std::uint64_t n_bytes, wick_buffer** made,
                        wick_error*) noexcept -> wick_code {
    auto buffer = std::make_unique<Buffer>();
    buffer->own = std::make_unique<std::byte[]>(n_bytes);
    buffer->data = buffer->own.get();
    *made = reinterpret_cast<wick_buffer*>(buffer.release());
    return WICK_OK;
  };
  t.buffer_import = +[](void* self, std::uint32_t, void* bytes, std::uint64_t n_bytes,
                        wick_buffer** made, wick_error* error) noexcept -> wick_code {
    const bool is_paged =
        reinterpret_cast<std::uintptr_t>(bytes) % 4096 == 0 && n_bytes % 4096 == 0;
    if (of(self).import_code != WICK_OK || !is_paged)
      return sdk::report(error, static_cast<ErrorCode>(of(self).import_code), "no import");
    *made = reinterpret_cast<wick_buffer*>(new Buffer{nullptr, static_cast<std::byte*>(bytes)});
    return WICK_OK;
  };
  t.buffer_write = +[](void* self, wick_buffer* buffer, std::uint64_t offset, const void* bytes,
                       std::uint64_t n, wick_fence**, wick_error*) noexcept -> wick_code {
    of(self).n_written += n;
    std::memcpy(of(buffer).data + offset, bytes, n);
    return WICK_OK;
  };
  t.buffer_read = +[](void* self, wick_buffer* buffer, std::uint64_t offset, void* bytes,
                      std::uint64_t n, wick_fence**, wick_error*) noexcept -> wick_code {
    of(self).n_read += n;
    std::memcpy(bytes, of(buffer).data + offset, n);
    return WICK_OK;
  };
  t.buffer_free = +[](void*, wick_buffer* buffer) noexcept { delete &of(buffer); };
}

void AddingDevice::add_states(wick_backend_v1& t) {
  t.state_create = +[](void*, std::uint32_t, const wick_graph*, std::uint32_t, wick_state** state,
                       wick_error*) noexcept -> wick_code {
    *state = something<wick_state>();
    return WICK_OK;
  };
  t.state_resize =
      +[](void* self, wick_state*, std::uint32_t, wick_error* error) noexcept -> wick_code {
    ++of(self).n_resized;
    if (of(self).resize_code == WICK_OK) return WICK_OK;
    return sdk::report(error, static_cast<ErrorCode>(of(self).resize_code), "no more");
  };
  t.state_block_bytes = +[](void*, const wick_state*) noexcept -> std::uint64_t { return 10; };
  t.state_free = +[](void*, wick_state*) noexcept {};
}

wick_backend_v1 AddingDevice::make_table() {
  auto t = sdk::make<wick_backend_v1>();
  add_plans(t);
  add_buffers(t);
  add_states(t);
  return t;
}

/// A value that comes in and one that goes out, as values `first` and `first + 1` of the whole.
SegmentSource adding_segment(AddingDevice& device, std::uint32_t first, std::int64_t out_rows) {
  SegmentSource source{device.device(), "layers 3-5 on adder", {}, {}};
  source.cut.graph.values = {{WICK_VALUE_INPUT, "in", {WICK_DIM_TOKENS, kWidth}, false},
                             {WICK_VALUE_ACTIVATION, "out", {out_rows, kWidth}, true}};
  source.cut.whole_value = {first, first + 1};
  return source;
}

constexpr ExecutorOptions kOptions{kMaxTokens, kMaxTokens, false};

wick_batch batch_of(std::uint32_t n_tokens, std::uint32_t n_outputs) {
  auto batch = sdk::make<wick_batch>();
  batch.n_tokens = n_tokens;
  batch.n_outputs = n_outputs;
  return batch;
}

/// Through two segments on two devices; returns what comes out of the second.
float passed_through(AddingDevice& a, AddingDevice& b, std::uint32_t n_tokens) {
  Borders borders;
  Segment first(adding_segment(a, 0, WICK_DIM_TOKENS), kOptions, borders);
  Segment second(adding_segment(b, 1, WICK_DIM_TOKENS), kOptions, borders);
  EXPECT_EQ(borders.size(), 3u);
  for (std::uint32_t i = 0; i < n_tokens * kWidth; ++i) borders.at(0).data()[i] = 5;
  first.run(batch_of(n_tokens, 0));
  second.run(batch_of(n_tokens, 0));
  return borders.at(2).data()[n_tokens * kWidth - 1];
}

TEST(Segment, UsesTheHostsMemoryInPlaceWhereTheDeviceCan) {
  AddingDevice a, b;
  EXPECT_EQ(passed_through(a, b, 4), 7.0f);
  EXPECT_EQ(a.n_written + a.n_read + b.n_written + b.n_read, 0u);
}

TEST(Segment, CopiesTheRowsOfTheBatchWhereTheDeviceCannot) {
  AddingDevice a, b;
  b.import_code = WICK_UNAVAILABLE;
  EXPECT_EQ(passed_through(a, b, 2), 7.0f);
  EXPECT_EQ(a.n_written + a.n_read, 0u);
  EXPECT_EQ(b.n_written, 2 * kWidth * 4u);
  EXPECT_EQ(b.n_read, 2 * kWidth * 4u);
  a.table.buffer_import = nullptr;
  EXPECT_EQ(passed_through(a, b, 4), 7.0f);
  EXPECT_EQ(a.n_written, 4 * kWidth * 4u);
}

TEST(Segment, PassesOnAnImportThatFailsOtherwise) {
  AddingDevice device;
  device.import_code = WICK_DEVICE_LOST;
  Borders borders;
  EXPECT_THROW(Segment(adding_segment(device, 0, WICK_DIM_TOKENS), kOptions, borders), Error);
}

TEST(Segment, SaysWhichPartOfThePlanHasNoMemoryLeftAndWhatToLower) {
  AddingDevice device;
  device.resize_code = WICK_OUT_OF_MEMORY;
  SegmentSource source = adding_segment(device, 0, WICK_DIM_TOKENS);
  source.cut.graph.states.push_back({"kv", 3, 1, 1, 1});
  Borders borders;
  Segment segment(std::move(source), kOptions, borders);
  try {
    segment.reserve_blocks(7);
    ADD_FAILURE() << "there was memory";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kOutOfMemory);
    EXPECT_EQ(std::string(e.what()), "layers 3-5 on adder: no more");
    EXPECT_NE(e.hint().find("--ctx"), std::string::npos);
  }
  device.resize_code = WICK_OK;
  segment.reserve_blocks(7);  // what failed is asked for again
  segment.reserve_blocks(5);  // what is there is not
  EXPECT_EQ(device.n_resized, 2u);
  EXPECT_EQ(segment.block_bytes(), 10u);
}

TEST(Segment, DoesNotRunWhereNobodyWantsItsRows) {
  AddingDevice device;
  Borders borders;
  Segment output(adding_segment(device, 0, WICK_DIM_OUTPUTS), kOptions, borders);
  output.run(batch_of(2, 0));
  EXPECT_EQ(device.n_runs, 0u);
  output.run(batch_of(2, 1));
  EXPECT_EQ(device.n_runs, 1u);
}

}  // namespace
}  // namespace wick
