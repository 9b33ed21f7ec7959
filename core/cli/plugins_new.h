// `wick plugins new`: a copy of a template of the SDK under a name of one's own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wick::cli {

/// Copies `templates`/KIND to `target`, which must not be there: "template-name" in names and text
/// becomes `name` ("template_name" and "TemplateName" its other spellings). Complete or not at all.
/// Returns the files, relative to `target`, sorted. Errors: kUsage for an unknown kind, a bad name,
/// a target that is there; kMissingFile, kIo.
std::vector<std::string> copy_template(const std::filesystem::path& templates,
                                       const std::string& kind, const std::string& name,
                                       const std::filesystem::path& target);

/// `wick plugins new KIND NAME`: makes ./NAME and says how to build it.
int make_plugin(const std::string& kind, const std::string& name);

}  // namespace wick::cli
