// The one exception of Wick, and the one way to throw it. Not for bugs of our own: see WICK_ASSERT.
#pragma once

#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace wick {
inline namespace v1 {

/// What kind of failure. The numbers travel over the plugin border (`wick_code`): append only.
enum class ErrorCode : std::int32_t {
  kOk = 0,
  kInternal = 1,       ///< a bug of ours or of a plugin
  kUsage = 2,          ///< a wrong option or argument of the command line
  kUnavailable = 3,    ///< no plugin, device, driver or capability for what was asked
  kBadFile = 4,        ///< malformed content of a file
  kMissingFile = 5,    ///< a file that is not there or cannot be opened
  kBadShape = 6,       ///< dimensions that do not go together
  kBadArgument = 7,    ///< a call that breaks the contract of the function
  kOutOfMemory = 8,    ///< host or device memory is spent
  kContextFull = 9,    ///< a sequence reached its limit of tokens
  kCancelled = 10,     ///< the user asked to stop
  kDeviceLost = 11,    ///< a device stopped answering
  kIo = 12,            ///< reading or writing failed
  kInsecure = 13,      ///< a plugin file that others may write
  kIncompatible = 14,  ///< a plugin whose contract this host cannot meet
};

/// One sentence: `subject: what is wrong, got X, need Y; what to do`.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& sentence, std::string hint = {})
      : std::runtime_error(sentence), code_(code), hint_(std::move(hint)) {}
  ErrorCode code() const noexcept { return code_; }
  /// What to do about it (a package to install, say), when that is not part of the sentence; may be
  /// empty.
  const std::string& hint() const noexcept { return hint_; }

 private:
  ErrorCode code_;
  std::string hint_;
};

/// Throws an Error whose sentence is the parts, written one behind the other.
template <class... Parts>
[[noreturn]] void fail(ErrorCode code, const Parts&... parts) {
  std::ostringstream sentence;
  (sentence << ... << parts);
  throw Error(code, sentence.str());
}

}  // namespace v1
}  // namespace wick
