// The names and the keys of a model in several files.
#include "files/gguf_split.h"

#include <wick/error.h>

#include <algorithm>
#include <string_view>

namespace wick {
namespace {

// prefix-NNNNN-of-NNNNN.gguf
constexpr std::string_view kPattern = "-#####-of-#####.gguf";
constexpr std::string_view kSuffix = ".gguf";
constexpr std::size_t kNumberAt = 1;
constexpr std::size_t kTotalAt = 10;
constexpr std::size_t kDigits = 5;
constexpr std::uint64_t kMaxParts = 99999;

std::uint32_t to_number(std::string_view digits) {
  std::uint32_t number = 0;
  for (const char digit : digits) number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  return number;
}

std::string five_digits(std::uint32_t number) {
  std::string digits = std::to_string(number);
  return digits.insert(0, kDigits - std::min(kDigits, digits.size()), '0');
}

bool matches(std::string_view name) {
  if (name.size() < kPattern.size()) return false;
  name.remove_prefix(name.size() - kPattern.size());
  return std::equal(name.begin(), name.end(), kPattern.begin(), [](char letter, char wanted) {
    return wanted == '#' ? letter >= '0' && letter <= '9' : letter == wanted;
  });
}

std::uint64_t need_key(const std::string& path, const GgufPart& part, std::string_view key) {
  const GgufValue* value = part.find(key);
  if (value == nullptr)
    fail(ErrorCode::kBadFile, path, ": key '", key,
         "' is missing, need it in every part of a split model");
  return with_path(path, [&] { return value->as_u64(); });
}

void check_name(const std::string& path, const GgufSplit& split) {
  if (!matches(path))
    fail(ErrorCode::kBadFile, path, ": is part ", split.number + 1, " of a model of ",
         split.n_parts, " files by its key 'split.count', need a name like NAME",
         gguf_part_path(std::string(kPattern), split.number).substr(0, kTotalAt),
         "#####.gguf; give the files their original names");
  const std::string_view tail = std::string_view(path).substr(path.size() - kPattern.size());
  const std::uint32_t number = to_number(tail.substr(kNumberAt, kDigits));
  const std::uint32_t total = to_number(tail.substr(kTotalAt, kDigits));
  if (total != split.n_parts)
    fail(ErrorCode::kBadFile, path, ": key 'split.count' does not agree with the file's name, got ",
         split.n_parts, ", need ", total);
  if (number != split.number + 1)
    fail(ErrorCode::kBadFile, path, ": key 'split.no' does not agree with the file's name, got ",
         split.number, ", need one less than ", number);
}

}  // namespace

GgufSplit read_gguf_split(const std::string& path, const GgufPart& part) {
  GgufSplit split;
  if (part.find("split.count") == nullptr) return split;
  const std::uint64_t n_parts = need_key(path, part, "split.count");
  if (n_parts <= 1) return split;
  if (n_parts > kMaxParts)
    fail(ErrorCode::kBadFile, path, ": key 'split.count' is out of range, got ", n_parts,
         ", need at most ", kMaxParts);
  const std::uint64_t number = need_key(path, part, "split.no");
  if (number >= n_parts)
    fail(ErrorCode::kBadFile, path, ": key 'split.no' is out of range, got ", number,
         ", need less than ", n_parts);
  split.number = static_cast<std::uint32_t>(number);
  split.n_parts = static_cast<std::uint32_t>(n_parts);
  split.n_tensors = need_key(path, part, "split.tensors.count");
  check_name(path, split);
  return split;
}

std::vector<std::string> gguf_part_paths(const std::string& path, std::uint32_t n_parts) {
  if (n_parts <= 1) return {path};
  std::string first = path;
  if (!matches(path)) {
    if (first.ends_with(kSuffix)) first.resize(first.size() - kSuffix.size());
    first += kPattern;
    first.replace(first.size() - kPattern.size() + kTotalAt, kDigits, five_digits(n_parts));
  } else if (gguf_part_path(path, 0) != path ||
             path.substr(path.size() - kPattern.size() + kTotalAt, kDigits) !=
                 five_digits(n_parts)) {
    fail(ErrorCode::kUsage, path, ": is no name for the first of ", n_parts,
         " parts, need one that ends in -00001-of-", five_digits(n_parts),
         ".gguf, or without them");
  }
  std::vector<std::string> paths;
  for (std::uint32_t i = 0; i < n_parts; ++i) paths.push_back(gguf_part_path(first, i));
  return paths;
}

std::string gguf_part_path(const std::string& path, std::uint32_t number) {
  std::string result = path;
  result.replace(path.size() - kPattern.size() + kNumberAt, kDigits, five_digits(number + 1));
  return result;
}

}  // namespace wick
