// See sentencepiece_model.h. The field numbers are those of sentencepiece_model.proto.
#include "text/sentencepiece_model.h"

#include <wick/error.h>

#include <cmath>
#include <cstdint>
#include <cstring>

namespace wick {
namespace {

constexpr std::size_t kMaxPieces = 1 << 24;
constexpr std::uint64_t kMergesByScore = 2;  // TrainerSpec::BPE

/// One message: its fields in order. Every length is bounded by what is left.
class Message {
 public:
  Message(std::string_view content, std::string_view subject) : left_(content), subject_(subject) {}

  std::uint64_t number = 0;  ///< of the field
  std::uint64_t value = 0;   ///< of an integer
  std::string_view bytes;    ///< of a text or a message
  bool has_bytes = false;

  /// False at the end.
  bool next() {
    if (left_.empty()) return false;
    const std::uint64_t tag = varint();
    number = tag >> 3;
    value = 0;
    bytes = {};
    has_bytes = (tag & 7) != 0;
    switch (tag & 7) {
      case 0:
        value = varint();
        return true;
      case 1:
        bytes = take(8);
        return true;
      case 2:
        bytes = take(varint());
        return true;
      case 5:
        bytes = take(4);
        return true;
      default:
        bad();
    }
  }
  float real() const {
    float number_read = 0.0f;
    if (bytes.size() != sizeof number_read) bad();
    std::memcpy(&number_read, bytes.data(), sizeof number_read);
    return number_read;
  }
  [[noreturn]] void bad() const {
    fail(ErrorCode::kBadFile, subject_,
         ": is no SentencePiece model or is damaged; fetch it again");
  }

 private:
  std::uint64_t varint() {
    std::uint64_t result = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      result |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    bad();
  }
  std::string_view take(std::uint64_t n) {
    if (n > left_.size()) bad();
    const std::string_view taken = left_.substr(0, static_cast<std::size_t>(n));
    left_.remove_prefix(static_cast<std::size_t>(n));
    return taken;
  }

  std::string_view left_, subject_;
};

SentencePieceModel::Piece parse_piece(std::string_view bytes, std::string_view subject) {
  SentencePieceModel::Piece piece;
  for (Message field(bytes, subject); field.next();) {
    if (field.number == 1) piece.text = std::string(field.bytes);
    if (field.number == 2) piece.score = field.real();
    if (field.number != 3) continue;
    // The numbers are those of GGUF.
    if (field.value < 1 || field.value > 6) field.bad();
    piece.type = static_cast<TokenType>(field.value);
  }
  if (std::isnan(piece.score)) fail(ErrorCode::kBadFile, subject, ": a piece has a score of NaN");
  return piece;
}

void check_trainer(std::string_view bytes, std::string_view subject) {
  std::uint64_t type = 1;  // unigram, where the file says nothing
  for (Message field(bytes, subject); field.next();)
    if (field.number == 3) type = field.value;
  if (type != kMergesByScore)
    fail(ErrorCode::kUnavailable, subject, ": its model type is not known, got ", type,
         ", need 2 (BPE)");
}

bool adds_space(std::string_view bytes, std::string_view subject) {
  bool adds = true;
  for (Message field(bytes, subject); field.next();)
    if (field.number == 3) adds = field.value != 0;
  return adds;
}

}  // namespace

SentencePieceModel parse_sentencepiece(std::span<const std::byte> bytes, std::string_view subject) {
  SentencePieceModel model;
  bool has_trainer = false;
  Message field({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, subject);
  while (field.next()) {
    if (field.number >= 1 && field.number <= 3 && !field.has_bytes) field.bad();
    if (field.number == 1) model.pieces.push_back(parse_piece(field.bytes, subject));
    if (field.number == 2) check_trainer(field.bytes, subject);
    if (field.number == 3) model.adds_space = adds_space(field.bytes, subject);
    has_trainer = has_trainer || field.number == 2;
    if (model.pieces.size() > kMaxPieces) field.bad();
  }
  if (model.pieces.empty() || !has_trainer) field.bad();
  return model;
}

}  // namespace wick
