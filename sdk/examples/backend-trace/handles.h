// What is behind the opaque handles: weights decoded to doubles, states as the reference holds
// them.
#pragma once

#include "conformance/reference/interpreter.h"
#include "conformance/reference/weights.h"

#include <wick/abi/backend.h>

#include <cstring>
#include <map>
#include <vector>

namespace trace {

using wick::reference::Matrix;

struct Weight {
  wick_storage_class storage{};  ///< of a weight that is not plain
  std::uint32_t plain_type = WICK_TYPE_F32;
  Matrix values;

  static Weight& of(wick_weight* handle) { return *reinterpret_cast<Weight*>(handle); }
  wick_weight* handle() { return reinterpret_cast<wick_weight*>(this); }
  std::uint64_t n_bytes() const { return values.values.size() * sizeof(double); }
};

struct State {
  wick::sdk::GraphView graph;
  wick::reference::States states;

  static State& of(wick_state* handle) { return *reinterpret_cast<State*>(handle); }
  wick_state* handle() { return reinterpret_cast<wick_state*>(this); }

  /// Doubles of one block.
  std::uint64_t block_values() const {
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

  static Buffer& of(wick_buffer* handle) { return *reinterpret_cast<Buffer*>(handle); }
  wick_buffer* handle() { return reinterpret_cast<wick_buffer*>(this); }
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

  static Plan& of(wick_plan* handle) { return *reinterpret_cast<Plan*>(handle); }
  wick_plan* handle() { return reinterpret_cast<wick_plan*>(this); }
};

}  // namespace trace
