// See harm.h. docs/architecture.md has what was measured.
#include "quantize/harm.h"

#include <algorithm>
#include <cmath>

namespace wick {
namespace {

/// A relative error of the output matrix is one of all logits.
constexpr double kOutput = 6;
/// Early errors pass through all that follows, and may turn what later layers look at.
constexpr double kFirstLayer = 0.2, kFallsBy = 1.5;
/// Of each tensor of a model of one layer: what no share of energy explains.
constexpr double kFloor = 0.15;
/// Without energies: the last layers add most, and of a layer what it adds last.
constexpr double kGrowth = 4, kNotLast = 0.1;
/// And then shares are flattened, for a wrong guess must not starve a layer.
constexpr double kGuessed = 0.5;
/// Of the writer behind them, for matrices that write nothing themselves; less of one that is most
/// of the model, for its products are all of one direction.
constexpr double kReader = 0.5, kOneDirection = 10;

class Harms {
 public:
  Harms(const ModelPlaces& places, const std::map<std::string, double, std::less<>>& energies)
      : places_(places), energies_(energies) {
    for (const auto& [name, place] : places.tensors)
      if (place.is_writer && energies.count(name) == 0) has_energies_ = false;
    for (const auto& [name, place] : places.tensors)
      if (place.is_writer) all_ += energy(name, place);
  }

  double of(const std::string& name, const TensorPlace& place) const {
    if (place.is_output) return kOutput + (place.is_embedding ? kFirstLayer : 0);
    if (place.is_embedding) return kFirstLayer;
    if (place.is_writer) return of_layer(place) + share(name, place);
    const auto writer = places_.tensors.find(place.writer);
    if (writer == places_.tensors.end()) return of_layer(place);
    const double behind = share(writer->first, writer->second);
    return of_layer(place) + kReader * behind / (1 + kOneDirection * behind);
  }

 private:
  double energy(const std::string& name, const TensorPlace& place) const {
    if (has_energies_) return energies_.find(name)->second;
    const double usual = std::exp(kGrowth * place.layer / places_.n_layers);
    return place.is_last_writer ? usual : kNotLast * usual;
  }
  double share(const std::string& name, const TensorPlace& place) const {
    const double part = all_ > 0 ? energy(name, place) / all_ : 0;
    return has_energies_ ? part : kGuessed * std::sqrt(part);
  }
  double of_layer(const TensorPlace& place) const {
    return kFloor / std::max(1u, places_.n_layers) +
           kFirstLayer * std::exp2(-kFallsBy * place.layer);
  }

  const ModelPlaces& places_;
  const std::map<std::string, double, std::less<>>& energies_;
  bool has_energies_ = true;
  double all_ = 0;
};

}  // namespace

std::map<std::string, double, std::less<>> find_harms(
    const ModelPlaces& places, const std::map<std::string, double, std::less<>>& energies) {
  const Harms harms(places, energies);
  std::map<std::string, double, std::less<>> all;
  for (const auto& [name, place] : places.tensors) all[name] = harms.of(name, place);
  return all;
}

}  // namespace wick
