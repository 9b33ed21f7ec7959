// Where in a model each matrix stands, as far as its graph tells: for guessing how much its errors
// harm.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "graph/graph.h"

namespace wick {

struct TensorPlace {
  bool is_output = false;       ///< its product is the logits
  bool is_embedding = false;    ///< tokens are looked up in it
  bool is_writer = false;       ///< its product is added to what the layers pass on
  bool is_last_writer = false;  ///< of its layer
  std::string writer;           ///< of another: the one behind it in the same layer; may be empty
  std::uint32_t layer = 0;      ///< counted from 0; of those outside of layers 0
};

struct ModelPlaces {
  std::map<std::string, TensorPlace, std::less<>> tensors;
  std::uint32_t n_layers = 0;
};

/// Of the matrices of all products and look-ups.
ModelPlaces find_places(const Graph& graph);

}  // namespace wick
