// What tokenizer.json does before and behind its model: parting text, and tokens around it.
#include <wick/error.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "files/quoted.h"
#include "text/tokenizer_json.h"

namespace wick {
namespace {

namespace json = boost::json;

const json::object& object_in(const json::value& value, const std::string& subject) {
  if (!value.is_object())
    fail(ErrorCode::kBadFile, subject, ": its pre-tokenizer or post-processor is no object");
  return value.get_object();
}

struct Steps {
  const std::string& subject;
  std::vector<std::string> steps{};
  bool is_byte_level = false;

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    fail(ErrorCode::kUnavailable, subject, ": its pre-tokenizer is not known: ", parts...);
  }

  void add(const json::object& step) {
    const std::string type = json_text(step, "type", subject);
    if (type == "Sequence") {
      for (const json::value& item : json_array(step, "pretokenizers", subject))
        add(object_in(item, subject));
    } else if (type == "Split") {
      add_split(step);
    } else if (type == "Digits") {
      if (!json_flag(step, "individual_digits", false, subject))
        refuse("it parts numbers, need single digits");
      steps.push_back(type);
    } else if (type == "ByteLevel") {
      if (json_flag(step, "add_prefix_space", true, subject))
        refuse("it puts a space before a text (add_prefix_space), need false");
      if (json_flag(step, "use_regex", true, subject)) steps.push_back(type);
      is_byte_level = true;
    } else {
      refuse("got ", wick::quoted(type), ", need Sequence, Split, Digits or ByteLevel");
    }
  }

  /// A match is a piece, and so is what lies between: "Isolated". Where the expression matches
  /// everything, "Removed" of what it does not match is the same.
  void add_split(const json::object& step) {
    const std::string behavior = json_text(step, "behavior", subject);
    const bool invert = json_flag(step, "invert", false, subject);
    if (!(behavior == "Isolated" && !invert) && !(behavior == "Removed" && invert))
      refuse("it splits as ", wick::quoted(behavior), invert ? " inverted" : "", ", need Isolated");
    const json::value* pattern = json_member(step, "pattern");
    if (!pattern || !pattern->is_object() || !json_member(pattern->get_object(), "Regex"))
      refuse("it splits by no regular expression");
    steps.push_back(json_text(pattern->get_object(), "Regex", subject));
  }
};

void add_template(const json::object& processor, std::vector<std::string>& out,
                  const std::string& subject) {
  for (const json::value& item : json_array(processor, "single", subject)) {
    const json::object& part = object_in(item, subject);
    const json::value* special = json_member(part, "SpecialToken");
    out.push_back(special ? json_text(object_in(*special, subject), "id", subject) : "");
  }
}

void add_processor(const json::object& processor, std::vector<std::string>& out,
                   const std::string& subject) {
  const std::string type = json_text(processor, "type", subject);
  if (type == "Sequence") {
    for (const json::value& item : json_array(processor, "processors", subject))
      add_processor(object_in(item, subject), out, subject);
  } else if (type == "TemplateProcessing") {
    add_template(processor, out, subject);
  } else if (type != "ByteLevel") {
    fail(ErrorCode::kUnavailable, subject, ": its post-processor is not known, got ",
         wick::quoted(type), ", need TemplateProcessing or ByteLevel");
  }
}

}  // namespace

std::vector<std::string> pre_tokenizer_steps(const json::object& root, const std::string& subject) {
  const json::value* first = json_member(root, "pre_tokenizer");
  Steps steps{subject};
  if (first) steps.add(object_in(*first, subject));
  if (!steps.is_byte_level) steps.refuse("it does not work on bytes (ByteLevel)");
  return steps.steps;
}

std::vector<std::string> post_processor_tokens(const json::object& root,
                                               const std::string& subject) {
  std::vector<std::string> tokens;
  if (const json::value* first = json_member(root, "post_processor"))
    add_processor(object_in(*first, subject), tokens, subject);
  return tokens;
}

}  // namespace wick
