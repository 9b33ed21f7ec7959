// See report_json.h.
#include "quality/report_json.h"

#include <boost/json/array.hpp>

#include "quality/comparison_json.h"

namespace wick {
namespace {

namespace json = boost::json;

json::object tensor_json(const QuantizedTensor& tensor) {
  json::object out;
  out["name"] = tensor.name;
  out["shape"] = json::array(tensor.dims.begin(), tensor.dims.end());
  out["source_type"] = tensor.source_type;
  out["type"] = tensor.type;
  out["n_values"] = tensor.n_values;
  out["n_bytes"] = tensor.n_bytes;
  out["bits"] = tensor.bits();
  out["relative_error"] = tensor.relative_error();
  return out;
}

json::object candidate_json(const QualityCandidate& candidate) {
  json::object out;
  out["type"] = candidate.quantized.type;
  out["is_kept"] = candidate.is_kept;
  out["file_bytes"] = candidate.file_bytes;
  out["tensor_bytes"] = candidate.quantized.output_bytes;
  out["bits_a_weight"] = candidate.bits_a_weight();
  out["comparison"] = candidate.comparison ? json::value(comparison_json(*candidate.comparison))
                                           : json::value(nullptr);
  json::array tensors;
  for (const QuantizedTensor& tensor : candidate.quantized.tensors)
    tensors.push_back(tensor_json(tensor));
  out["tensors"] = std::move(tensors);
  return out;
}

}  // namespace

json::object report_json(const QualityReport& report) {
  const QuantizeReport& first = report.candidates.front().quantized;
  json::object out;
  out["program"] = report.program;
  out["source"] = report.source;
  out["output"] = report.output.empty() ? json::value(nullptr) : json::value(report.output);
  out["architecture"] = first.architecture;
  out["n_values"] = first.n_values;
  out["source_tensor_bytes"] = first.source_bytes;
  if (!report.text.empty()) {
    out["text"] = report.text;
    out["window"] = report.window;
    out["precise"] = report.is_precise;
    out["backends"] = report.backends;
  }
  json::array candidates;
  for (const QualityCandidate& candidate : report.candidates)
    candidates.push_back(candidate_json(candidate));
  out["files"] = std::move(candidates);
  return out;
}

}  // namespace wick
