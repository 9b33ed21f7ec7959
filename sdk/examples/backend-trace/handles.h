// What is behind the opaque handles: weights decoded to doubles, states as the reference holds
// them, and plans that it runs.
#pragma once

#include "conformance/reference/interpreter.h"
#include "conformance/reference/weights.h"

#include <wick/sdk/backend_of.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

namespace trace {

using wick::reference::Matrix;

struct Weight {
  wick_storage_class storage{};  ///< of a weight that is not plain
  std::uint32_t plain_type = WICK_TYPE_F32;
  Matrix values;

  void put(std::uint64_t first_row, std::uint64_t first_col, const wick_unpacked& tile) {
    const Matrix m = wick::reference::decode(storage, tile);
    for (std::size_t r = 0; r < m.n_rows; ++r)
      std::copy_n(m.row(r), m.width, values.row(first_row + r) + first_col);
  }
  void put_plain(std::uint64_t first_row, std::uint64_t n_rows, const void* rows) {
    const Matrix m = wick::reference::decode_plain(plain_type, rows, n_rows, values.width);
    std::copy(m.values.begin(), m.values.end(), values.row(first_row));
  }
  std::uint64_t bytes() const noexcept { return values.values.size() * sizeof(double); }
};

struct State {
  wick::sdk::GraphView graph;
  wick::reference::States states;

  void resize(std::uint32_t n_blocks) { states.resize(graph, n_blocks); }
  void copy(std::uint32_t from, std::uint32_t to) {
    std::vector<double> block(block_values());
    read(from, block.data());
    write(to, block.data());
  }
  std::uint64_t block_bytes() const noexcept { return block_values() * sizeof(double); }
  void read(std::uint32_t block, void* bytes) {
    auto* to = static_cast<double*>(bytes);
    each_part(block, [&](const double* first, std::size_t n) { to = std::copy_n(first, n, to); });
  }
  void write(std::uint32_t block, const void* bytes) {
    auto* from = static_cast<const double*>(bytes);
    each_part(block, [&](double* first, std::size_t n) {
      std::copy_n(from, n, first);
      from += n;
    });
  }

  /// Doubles of one block.
  std::uint64_t block_values() const noexcept {
    std::uint64_t n = 0;
    for (const wick::sdk::GraphState& s : graph.states())
      n += s.kind == "kv" ? WICK_BLOCK_TOKENS * s.a * (s.b + s.c) : (s.a - 1) * s.b;
    return n;
  }
  /// visit(first, n) for every stretch of doubles that belongs to the block.
  template <class Visit>
  void each_part(std::uint32_t block, Visit visit) {
    const auto part = [&](Matrix& m, std::size_t rows) {
      visit(m.values.data() + std::size_t{block} * rows * m.width, rows * m.width);
    };
    for (std::size_t i = 0; i < graph.states().size(); ++i) {
      if (graph.states()[i].kind == "kv") {
        part(states.kv[i].keys, WICK_BLOCK_TOKENS);
        part(states.kv[i].values, WICK_BLOCK_TOKENS);
      } else {
        part(states.conv[i].snapshots, static_cast<std::size_t>(graph.states()[i].a - 1));
      }
    }
  }
};

struct Buffer {
  std::vector<unsigned char> bytes;

  std::uint64_t size() const noexcept { return bytes.size(); }
  unsigned char* host() noexcept { return bytes.data(); }
  /// Rows of f32 as doubles, and back.
  Matrix read(std::size_t n_rows, std::size_t width) const {
    Matrix m(n_rows, width);
    for (std::size_t i = 0; i < m.values.size(); ++i) {
      float value = 0;
      std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
      m.values[i] = static_cast<double>(value);
    }
    return m;
  }
  void write(const Matrix& m) {
    for (std::size_t i = 0; i < m.values.size(); ++i) {
      const float value = static_cast<float>(m.values[i]);
      std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
    }
  }
};

struct Plan {
  explicit Plan(const wick::sdk::GraphView& view) : graph(view), interpreter(view) {}
  wick::sdk::GraphView graph;
  wick::reference::Interpreter interpreter;
  std::map<std::uint32_t, const Weight*> weights;  ///< by value of the graph

  void run(const wick_bindings& bindings) const {
    const wick_batch& batch = *bindings.batch;
    std::vector<Matrix> values(graph.values().size());
    for (const auto& [value, weight] : weights) values[value] = weight->values;
    for (std::uint32_t i = 0; i < bindings.n_buffers; ++i) {
      const wick_buffer_binding& bound = bindings.buffers[i];
      const wick::sdk::GraphValue& value = graph.values()[bound.value];
      if (value.kind == WICK_VALUE_INPUT)
        values[bound.value] =
            wick::sdk::object_of<Buffer>(bound.buffer)
                ->read(value.rows_are_outputs() ? batch.n_outputs : batch.n_tokens, value.width());
    }
    wick::reference::States none(graph, 0);
    auto* state = wick::sdk::object_of<State>(bindings.state);
    interpreter.run(batch, state ? state->states : none, values);
    for (std::uint32_t i = 0; i < bindings.n_buffers; ++i)
      if (graph.values()[bindings.buffers[i].value].is_output)
        wick::sdk::object_of<Buffer>(bindings.buffers[i].buffer)
            ->write(values[bindings.buffers[i].value]);
  }
};

}  // namespace trace
