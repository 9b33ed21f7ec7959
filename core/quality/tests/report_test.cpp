// Reports of made-up figures: what stands in them, and that no name breaks out of its place.
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string>

#include "quality/charts.h"
#include "quality/quality_report.h"
#include "quality/report_json.h"
#include "quality/report_page.h"
#include "quality/report_tables.h"

namespace wick {
namespace {

const std::string kHostile = "</title></svg><script>alert('x')</script>\x1B\xFF\"";

QuantizedTensor tensor(const std::string& name, double squared_error) {
  QuantizedTensor made;
  made.name = name;
  made.dims = {4, 32};
  made.source_type = "F16";
  made.type = squared_error > 0 ? "small" : "F16";
  made.n_values = 128;
  made.n_bytes = squared_error > 0 ? 72 : 256;
  made.squared_error = squared_error;
  made.energy = 2;
  return made;
}

QualityCandidate candidate(const std::string& type, double kl) {
  QualityCandidate made;
  made.quantized.architecture = "arch";
  made.quantized.type = type;
  made.quantized.tensors = {tensor("embd.weight", 0.5), tensor("blk.0.up.weight", 0.02),
                            tensor("blk.10.up.weight", 0.04), tensor("norm.weight", 0)};
  for (const QuantizedTensor& each : made.quantized.tensors) {
    made.quantized.n_values += each.n_values;
    made.quantized.output_bytes += each.n_bytes;
    made.quantized.source_bytes += 2 * each.n_values;
  }
  made.file_bytes = 3 << 20;
  made.comparison.emplace();
  made.comparison->divergence.kl = {kl, kl / 10};
  made.comparison->divergence.same_top = {0.9375, 0.01};
  made.comparison->divergence.perplexity_ratio = {1.25, 0.5};
  return made;
}

QualityReport report(std::size_t n_candidates) {
  QualityReport made;
  made.program = "wick 0";
  made.source = "models/source";
  made.output = "models/out.gguf";
  made.text = "text.txt";
  for (std::size_t i = 0; i < n_candidates; ++i)
    made.candidates.push_back(
        candidate("type" + std::to_string(i), 0.001 * static_cast<double>(i + 1)));
  made.candidates.front().is_kept = true;
  return made;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(ChartPlace, IsReadFromTheName) {
  EXPECT_EQ(place_of("blk.12.attn_q.weight").layer, 12U);
  EXPECT_EQ(place_of("blk.12.attn_q.weight").role, "attn_q");
  EXPECT_EQ(place_of("blk.3.attn_q.bias").role, "attn_q.bias");
  EXPECT_FALSE(place_of("token_embd.weight").layer);
  EXPECT_EQ(place_of("token_embd.weight").role, "token_embd");
  EXPECT_FALSE(place_of("").layer);
  EXPECT_FALSE(place_of("a..b").layer);
  EXPECT_EQ(place_of("7").layer, 7U);
  EXPECT_EQ(place_of("blk.99999999999999999999999.x").layer, std::nullopt);
}

TEST(QuantizedTensor, HasTheErrorOverTheEnergy) {
  EXPECT_EQ(tensor("x", 0.5).relative_error(), 0.25);
  EXPECT_EQ(QuantizedTensor().relative_error(), 0);
  EXPECT_EQ(tensor("x", 0.5).bits(), 4.5);
}

TEST(ReportPage, ShowsTheFigures) {
  const std::string page = report_page(report(2));
  for (const char* text : {"out.gguf", "type0", "type1", "93.75 %", "+25.00 %", "blk.10.up.weight",
                           "0.25", "4.50", "3.0 MiB"})
    EXPECT_NE(page.find(text), std::string::npos) << text;
  EXPECT_EQ(count(page, "<tbody>"), 5U);
}

TEST(ReportPage, LoadsNothing) {
  const std::string page = report_page(report(2));
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<link"), std::string::npos);
  EXPECT_EQ(page.find("url("), std::string::npos);
  EXPECT_EQ(count(page, "http"), count(page, "http://www.w3.org/") + 1) << "and http-equiv";
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(ReportPage, LetsNoNameOut) {
  QualityReport hostile = report(2);
  hostile.program = hostile.source = hostile.output = hostile.text = hostile.backends = kHostile;
  for (QualityCandidate& each : hostile.candidates) {
    each.quantized.type = each.quantized.architecture = kHostile;
    for (QuantizedTensor& t : each.quantized.tensors) t.name = t.type = t.source_type = kHostile;
  }
  const std::string page = report_page(hostile);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("alert('x')"), std::string::npos);
  EXPECT_EQ(page.find('\x1B'), std::string::npos);
  EXPECT_EQ(page.find('\xFF'), std::string::npos);
  EXPECT_EQ(count(page, "</title></svg>"), 0U);
  EXPECT_EQ(count(page, "<svg"), count(page, "</svg>"));
}

TEST(ReportPage, SaysThatPredictionsWereNotCompared) {
  QualityReport plain = report(1);
  plain.text.clear();
  plain.candidates[0].comparison.reset();
  const std::string page = report_page(plain);
  EXPECT_NE(page.find("were not compared"), std::string::npos);
  EXPECT_EQ(page.find("perplexity"), std::string::npos);
}

TEST(SizeChart, NeedsTwoFilesThatDiffer) {
  EXPECT_EQ(size_chart(report(1)), "");
  EXPECT_EQ(count(size_chart(report(3)), "<circle"), 3U);
  QualityReport equal = report(3);
  equal.candidates[0].comparison->divergence.kl = {0, 0};
  EXPECT_EQ(count(size_chart(equal), "<circle"), 2U);
}

TEST(ErrorCharts, HaveAPictureForEachRole) {
  const std::string charts = error_charts(report(2));
  EXPECT_EQ(count(charts, "<svg"), 2U);  // embd and up: the norm lost nothing
  EXPECT_EQ(count(charts, "<circle"), 6U);
  EXPECT_EQ(count(charts, "<polyline"), 2U);
  QualityReport exact = report(1);
  for (QuantizedTensor& t : exact.candidates[0].quantized.tensors) t.squared_error = 0;
  EXPECT_EQ(error_charts(exact), "");
}

TEST(ErrorCharts, AreBoundedWhateverTheFileNames) {
  QualityReport many = report(1);
  for (int i = 0; i < 1000; ++i)
    many.candidates[0].quantized.tensors.push_back(tensor("x" + std::string(i, 'y'), 0.1));
  EXPECT_LE(count(error_charts(many), "<svg"), 24U);
  EXPECT_NE(error_charts(many).find("more kinds"), std::string::npos);
}

TEST(LayerCharts, SumUpTheBytesOfALayer) {
  const std::string charts = layer_charts(report(1));
  EXPECT_EQ(count(charts, "<rect"), 3U);  // two layers, and the rest
  EXPECT_NE(charts.find("layer 10: 72 B"), std::string::npos);
  EXPECT_NE(charts.find("in no layer: 328 B"), std::string::npos);
}

TEST(TypesTable, TakesTensorsOfATypeTogether) {
  const std::string table = types_table(candidate("any", 0.1));
  EXPECT_EQ(count(table, "<tr>"), 3U);
  // (0.5 + 0.02 + 0.04) / 6
  EXPECT_NE(table.find("0.0933"), std::string::npos) << table;
}

TEST(ReportJson, HasEveryTensorOfEveryFile) {
  const boost::json::object json = report_json(report(2));
  EXPECT_EQ(json.at("files").as_array().size(), 2U);
  const boost::json::object& file = json.at("files").as_array()[1].as_object();
  EXPECT_EQ(file.at("is_kept"), false);
  EXPECT_EQ(file.at("tensors").as_array().size(), 4U);
  EXPECT_EQ(file.at("tensors").as_array()[0].as_object().at("relative_error"), 0.25);
  EXPECT_EQ(file.at("comparison").as_object().at("kl"), 0.002);
}

}  // namespace
}  // namespace wick
