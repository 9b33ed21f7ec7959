// Instructions differ in their number and in the order of operands. Types differ more: KHR's say
// which operand of a product a matrix is. matrix.glsl gives both operands a size that is one
// specialization constant, and by its place in a type they are told apart.
#include "khr_code.h"

#include <wick/error.h>

#include <cstring>
#include <map>
#include <utility>

namespace wick::vulkan {
namespace {

constexpr std::uint32_t kInnerSpecId = 30;  // of matrix.glsl
constexpr std::size_t kHeaderWords = 5, kBoundWord = 3;

// SPIR-V's own numbers.
enum Op : std::uint32_t {
  kExtension = 10,
  kCapability = 17,
  kTypeFloat = 22,
  kConstantTrue = 41,
  kConstantFalse = 42,
  kConstant = 43,
  kSpecConstantOp = 52,
  kDecorate = 71,
  kTypeNv = 5358,
  kLoadNv = 5359,
  kStoreNv = 5360,
  kMulAddNv = 5361,
  kLengthNv = 5362,
  kTypeKhr = 4456,
  kLoadKhr = 4457,
  kStoreKhr = 4458,
  kMulAddKhr = 4459,
};
constexpr std::uint32_t kSpecId = 1;                              // decoration
constexpr std::uint32_t kMatricesNv = 5357, kMatricesKhr = 6022;  // capabilities
constexpr char kNameNv[] = "SPV_NV_cooperative_matrix";
constexpr char kNameKhr[] = "SPV_KHR_cooperative_matrix";
enum Use : std::uint32_t { kLeft, kRight, kSum, kUses };
static_assert(kLeft == 0 && kRight == 1, "the same constants say that columns are contiguous");

struct Instruction {
  std::uint32_t op;
  const std::uint32_t* operands;
  std::uint32_t n;
};

/// Calls visit(instruction) for each of them.
template <class Visit>
void each_instruction(ShaderCode code, Visit visit) {
  for (std::size_t at = kHeaderWords; at < code.n_words;) {
    const std::uint32_t length = code.words[at] >> 16;
    if (length == 0 || length > code.n_words - at)
      fail(ErrorCode::kInternal, "vulkan: a shader has an instruction of ", length,
           " words at word ", at, " of ", code.n_words);
    visit(Instruction{code.words[at] & 0xffffu, code.words + at + 1, length - 1});
    at += length;
  }
}

std::vector<std::uint32_t> words_of(const char* text) {
  const std::size_t n_bytes = std::strlen(text) + 1;
  std::vector<std::uint32_t> words((n_bytes + 3) / 4);
  std::memcpy(words.data(), text, n_bytes);
  return words;
}

class Rewriter {
 public:
  explicit Rewriter(ShaderCode code) : words_(code.words, code.words + kHeaderWords) {
    // Constants of our own get the ids behind the last.
    first_use_ = words_[kBoundWord];
    words_[kBoundWord] += kUses;
    each_instruction(code, [this](const Instruction& i) {
      note(i);
      rewrite(i);
    });
  }
  std::vector<std::uint32_t> take() { return std::move(words_); }

 private:
  void add(std::uint32_t op, const std::vector<std::uint32_t>& operands) {
    words_.push_back((static_cast<std::uint32_t>(operands.size()) + 1) << 16 | op);
    words_.insert(words_.end(), operands.begin(), operands.end());
  }
  void note(const Instruction& i);
  void rewrite(const Instruction& i);
  void add_type(const std::vector<std::uint32_t>& operands);
  void add_uses(std::uint32_t type);
  void order_stride(std::vector<std::uint32_t>& operands, std::size_t at) const;

  std::vector<std::uint32_t> words_;
  std::uint32_t first_use_ = 0, inner_ = 0, float_ = 0;
  bool has_uses_ = false;
  std::map<std::uint32_t, bool> booleans_;            // constants by id
  std::map<std::uint32_t, std::uint32_t> constants_;  // types by id
};

/// Remembers what the rest refers to.
void Rewriter::note(const Instruction& i) {
  const std::uint32_t* const o = i.operands;
  if (i.op == kDecorate && i.n == 3 && o[1] == kSpecId && o[2] == kInnerSpecId) inner_ = o[0];
  if (i.op == kTypeFloat && i.n == 2 && o[1] == 32) float_ = o[0];
  if ((i.op == kConstantTrue || i.op == kConstantFalse) && i.n == 2)
    booleans_[o[1]] = i.op == kConstantTrue;
  if (i.op == kConstant && i.n == 3) constants_[o[1]] = o[0];
}

/// Constants for the three uses, of the type that a scope has.
void Rewriter::add_uses(std::uint32_t type) {
  if (has_uses_) return;
  has_uses_ = true;
  for (std::uint32_t use = kLeft; use < kUses; ++use) add(kConstant, {type, first_use_ + use, use});
}

/// Result, component, scope, rows, columns; KHR has the use behind them.
void Rewriter::add_type(const std::vector<std::uint32_t>& operands) {
  const bool is_left = operands[4] == inner_, is_right = operands[3] == inner_;
  const bool is_sum = operands[1] == float_;
  const auto scope = constants_.find(operands[2]);
  if (is_left + is_right + is_sum != 1 || scope == constants_.end())
    fail(ErrorCode::kInternal, "vulkan: a shader has a matrix that matrix.glsl does not define");
  add_uses(scope->second);
  std::vector<std::uint32_t> with_use = operands;
  with_use.push_back(first_use_ + (is_left ? kLeft : is_right ? kRight : kSum));
  add(kTypeKhr, with_use);
}

/// From (..., pointer or matrix, stride, column major, access) to (..., layout, stride, access).
void Rewriter::order_stride(std::vector<std::uint32_t>& operands, std::size_t at) const {
  const auto is_column_major = booleans_.find(operands[at + 1]);
  if (is_column_major == booleans_.end())
    fail(ErrorCode::kInternal, "vulkan: a shader chooses how a matrix lies while it runs");
  operands[at + 1] = operands[at];
  operands[at] = first_use_ + (is_column_major->second ? 1 : 0);
}

void Rewriter::rewrite(const Instruction& i) {
  std::vector<std::uint32_t> operands(i.operands, i.operands + i.n);
  const bool is_length =
      i.op == kLengthNv || (i.op == kSpecConstantOp && i.n > 2 && operands[2] == kLengthNv);
  if (is_length)
    fail(ErrorCode::kInternal,
         "vulkan: a shader asks for a matrix's length, which is not a constant with KHR");
  if (i.op == kCapability && operands == std::vector{kMatricesNv}) operands = {kMatricesKhr};
  if (i.op == kExtension && operands == words_of(kNameNv)) operands = words_of(kNameKhr);
  if (i.op == kTypeNv && i.n == 5) return add_type(operands);
  std::uint32_t op = i.op;
  if (op == kLoadNv && i.n >= 5) {  // type, result, pointer, stride, column major
    order_stride(operands, 3);
    op = kLoadKhr;
  } else if (op == kStoreNv && i.n >= 4) {  // pointer, matrix, stride, column major
    order_stride(operands, 2);
    op = kStoreKhr;
  } else if (op == kMulAddNv) {
    op = kMulAddKhr;
  }
  add(op, operands);
}

}  // namespace

bool has_matrices(ShaderCode code) {
  bool found = false;
  each_instruction(code, [&](const Instruction& i) {
    found = found || (i.op == kCapability && i.n == 1 && i.operands[0] == kMatricesNv);
  });
  return found;
}

std::vector<std::uint32_t> khr_code(ShaderCode code) {
  if (!has_matrices(code)) return {code.words, code.words + code.n_words};
  return Rewriter(code).take();
}

}  // namespace wick::vulkan
