// See weight_loader.h. A task is some rows of one tensor, about a mebibyte of the file: small
// enough to balance threads and to drop the mapping early, large enough that dropping costs little.
#include "model/weight_loader.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <numeric>

#include "base/thread_pool.h"
#include "files/plain_values.h"
#include "model/content_identity.h"

namespace wick {
namespace {

constexpr std::uint64_t kTaskBytes = 1u << 20;
constexpr std::uint64_t kTileCols = 4096;

struct Task {
  const WeightSource* source;
  wick_weight* weight;
  std::uint64_t first_row, n_rows;
  std::uint64_t bytes;  // of the file
};

std::uint64_t row_bytes(const WeightSource& s) {
  return *s.tensor->n_bytes / s.n_rows;
}

/// One thread's memory for a tile.
struct Tile {
  std::vector<std::uint8_t> codes;
  std::vector<float> scales, mins;
  std::vector<std::int16_t> sub_scales, sub_mins;

  wick_unpacked shape(const wick_storage_class& c, std::uint64_t n_rows, std::uint64_t n_cols) {
    const auto room = [](auto& memory, std::uint64_t n) {
      if (memory.size() < n) memory.resize(n);
      return memory.data();
    };
    auto t = sdk::make<wick_unpacked>();
    t.n_rows = n_rows;
    t.n_cols = n_cols;
    const std::uint64_t n_supers = n_rows * (n_cols / c.super_values),
                        n_groups = n_rows * (n_cols / c.group_values);
    t.codes = room(codes, n_rows * n_cols);
    t.scales = room(scales, n_supers);
    t.mins = c.has_min ? room(mins, n_supers) : nullptr;
    t.sub_scales = c.sub_scale_bits ? room(sub_scales, n_groups) : nullptr;
    t.sub_mins = c.has_min && c.sub_min_bits ? room(sub_mins, n_groups) : nullptr;
    return t;
  }
};

void load_packed(const Task& task, const Device& device, std::uint32_t row_tile, Tile& memory) {
  const WeightSource& s = *task.source;
  const wick_format_v1& format = *s.format_table;
  const wick_storage_class& storage = *format.storage;
  const std::uint64_t unit = std::lcm<std::uint64_t>(storage.super_values, format.block_values);
  const std::uint64_t step = std::max(unit, kTileCols / unit * unit);
  const std::uint64_t bytes_a_row = row_bytes(s), last = task.first_row + task.n_rows;
  for (std::uint64_t row = task.first_row; row < last; row += row_tile) {
    const std::uint64_t n_rows = std::min<std::uint64_t>(row_tile, last - row);
    for (std::uint64_t col = 0; col < s.n_cols; col += step) {
      wick_unpacked tile = memory.shape(storage, n_rows, std::min(step, s.n_cols - col));
      const std::byte* from = s.tensor->data.data() + row * bytes_a_row +
                              col / format.block_values * format.block_bytes;
      sdk::check(
          [&](wick_error* e) { return format.unpack(s.format.self, from, bytes_a_row, &tile, e); });
      device.call(device.table().weight_put, task.weight, row, col,
                  static_cast<const wick_unpacked*>(&tile));
    }
  }
}

/// Decodes one row to f32.
void decode_row(const WeightSource& s, const std::byte* from, float* values) {
  if (s.format_table) {
    sdk::check([&](wick_error* e) {
      return s.format_table->decode(s.format.self, from, s.n_cols, values, e);
    });
    return;
  }
  decode_plain(static_cast<PlainType>(s.tensor->type_id), from, s.n_cols, values);
}

void load_plain(const Task& task, const Device& device) {
  const WeightSource& s = *task.source;
  const std::uint64_t bytes_a_row = row_bytes(s);
  const std::byte* from = s.tensor->data.data() + task.first_row * bytes_a_row;
  std::vector<float> vectors;  // they reach the backend as f32, whatever the file has
  if (s.use & WICK_USE_VECTOR) {
    vectors.resize(task.n_rows * s.n_cols);
    for (std::uint64_t row = 0; row < task.n_rows; ++row)
      decode_row(s, from + row * bytes_a_row, vectors.data() + row * s.n_cols);
  }
  device.call(device.table().weight_put_plain, task.weight, task.first_row, task.n_rows,
              vectors.empty() ? static_cast<const void*>(from) : vectors.data());
}

/// The tasks of each thread: of every weight the share of rows that it is likely to read later, so
/// that memory comes from its node. A thread that is done helps the others.
using Tasks = std::vector<std::vector<Task>>;

bool is_filled(const Device& device, const wick_weight* weight) {
  const wick_backend_v1& table = device.table();
  return WICK_CAN(&table, weight_is_filled) && table.weight_is_filled(device.self(), weight) != 0;
}

void split_rows(const Task& all, std::uint32_t row_tile, Tasks& tasks) {
  const std::uint64_t step =
      std::max<std::uint64_t>(1, kTaskBytes / (all.bytes / all.n_rows * row_tile)) * row_tile;
  const std::uint64_t n_tiles = (all.n_rows + row_tile - 1) / row_tile;
  for (std::size_t thread = 0; thread < tasks.size(); ++thread) {
    const std::uint64_t end =
        std::min(n_tiles * (thread + 1) / tasks.size() * row_tile, all.n_rows);
    for (std::uint64_t row = n_tiles * thread / tasks.size() * row_tile; row < end; row += step) {
      Task task = all;
      task.first_row = row;
      task.n_rows = std::min(step, end - row);
      task.bytes = all.bytes / all.n_rows * task.n_rows;
      tasks[thread].push_back(task);
    }
  }
}

Tasks split(const std::vector<WeightLoad>& loads, const std::vector<Owned<wick_weight>>& weights,
            const Device& device, std::uint32_t n_threads) {
  Tasks tasks(n_threads);
  const std::uint32_t row_tile = device.facts().row_tile;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const WeightSource& s = *loads[i].source;
    if (is_filled(device, weights[i].get())) continue;
    split_rows({&s, weights[i].get(), 0, s.n_rows, s.n_rows * row_bytes(s)}, row_tile, tasks);
  }
  return tasks;
}

/// Runs the tasks on all threads; the first error ends the work.
class Work {
 public:
  Work(const BoundModel& model, const Device& device, Tasks tasks)
      : model_(model),
        device_(device),
        row_tile_(device.facts().row_tile),
        tasks_(std::move(tasks)),
        next_(tasks_.size()) {
    for (const std::vector<Task>& part : tasks_)
      for (const Task& task : part) total_ += task.bytes;
  }

  void run(ThreadPool& pool, const std::function<void(double)>& progress) {
    auto body = [&](std::uint32_t thread, std::uint32_t, wick_team*) noexcept {
      Tile memory;
      try {
        for (const Task* task = take(thread); task && !failed_; task = take(thread)) {
          step(*task, memory);
          if (thread == 0 && progress)
            progress(static_cast<double>(done_) / static_cast<double>(total_));
        }
      } catch (...) {
        keep(std::current_exception());
      }
    };
    pool.run(body);
    if (error_) std::rethrow_exception(error_);
  }

 private:
  /// One of the thread's own, or else of another's; null: all are taken.
  const Task* take(std::uint32_t thread) {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      const std::size_t owner = (thread + i) % tasks_.size();
      const std::size_t at = next_[owner]++;
      if (at < tasks_[owner].size()) return &tasks_[owner][at];
    }
    return nullptr;
  }
  void step(const Task& task, Tile& memory) {
    const WeightSource& s = *task.source;
    const bool packed = s.format_table && !(s.use & WICK_USE_VECTOR);
    packed ? load_packed(task, device_, row_tile_, memory) : load_plain(task, device_);
    model_.file().drop(*s.tensor, task.first_row * row_bytes(s), task.bytes);
    done_ += task.bytes;
  }
  void keep(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!failed_.exchange(true)) error_ = std::move(error);
  }

  const BoundModel& model_;
  const Device& device_;
  std::uint32_t row_tile_;
  Tasks tasks_;
  std::vector<std::atomic<std::size_t>> next_;  ///< of each thread's
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
};

/// What all weights of a load hold. A device that gets some of them alone must not take the packed
/// ones of another for its own.
std::string content_of(const BoundModel& model, const std::vector<WeightLoad>& loads) {
  std::string content = content_identity(model.file());
  if (loads.size() == model.weights().size()) return content;
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, over the names
  for (const WeightLoad& load : loads)
    for (const char c : load.source->name + '\n')
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return content + fmt::format("-{:016x}", hash);
}

}  // namespace

std::vector<Owned<wick_weight>> load_weights(const BoundModel& model,
                                             const std::vector<WeightLoad>& loads,
                                             const Device& device, ThreadPool& pool,
                                             const std::function<void(double)>& progress) {
  std::vector<Owned<wick_weight>> weights;
  auto origin = sdk::make<wick_weight_origin>();
  const bool is_wanted = device.facts().caches_weights;
  const std::string content = is_wanted ? content_of(model, loads) : "";
  origin.content = sdk::to_str(content);
  origin.n_weights = static_cast<std::uint32_t>(loads.size());
  for (const WeightLoad& load : loads) {
    wick_weight_desc desc = load.desc;
    if (is_wanted) desc.origin = &origin;
    wick_weight* made = nullptr;
    device.call(device.table().weight_create, device.index(), &desc, &made);
    weights.push_back(own(device, made, device.table().weight_free));
  }
  Work(model, device, split(loads, weights, device, pool.n_threads())).run(pool, progress);
  for (const auto& weight : weights) device.call(device.table().weight_finish, weight.get());
  return weights;
}

}  // namespace wick
