// What an atomic file promises: whole or not there.
#include "base/atomic_file.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <string>

#include "base/tests/temp_folder.h"

namespace wick {
namespace {

TEST(AtomicFile, AppearsOnlyWhenCommitted) {
  const TempFolder folder;
  AtomicFile file(folder.file("out"));
  file.write("hello ");
  file.write("world");
  EXPECT_FALSE(std::filesystem::exists(folder.file("out")));
  file.commit();
  EXPECT_EQ(read_whole(folder.file("out")), "hello world");
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(AtomicFile, LeavesNothingBehindWithoutCommit) {
  const TempFolder folder;
  folder.write("out", "before");
  {
    AtomicFile file(folder.file("out"));
    file.write("half");
  }
  EXPECT_EQ(read_whole(folder.file("out")), "before");
  EXPECT_EQ(folder.n_files(), 1U);
}

// What Linux has since 3.11, on most of its file systems.
bool has_nameless_files(const TempFolder& folder) {
  const int descriptor = ::open(folder.file(".").c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
  return descriptor >= 0;
}

TEST(AtomicFile, LeavesNothingBehindWhereTheProgramIsKilled) {
  const TempFolder folder;
  if (!has_nameless_files(folder)) GTEST_SKIP() << "this file system has no files without a name";
  folder.write("out", "before");
  const pid_t child = ::fork();
  if (child == 0) {
    AtomicFile file(folder.file("out"));
    file.write("half");
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(read_whole(folder.file("out")), "before");
  EXPECT_EQ(folder.n_files(), 1U);
}

// In containers programs have the same few numbers again and again.
TEST(AtomicFile, PassesOverWhatAnotherOfItsNumberHasLeft) {
  const TempFolder folder;
  for (int i = 0; i < 64; ++i)
    folder.write("out.part-" + std::to_string(::getpid()) + "-" + std::to_string(i), "left");
  AtomicFile file(folder.file("out"));
  file.write("new");
  file.commit();
  EXPECT_EQ(read_whole(folder.file("out")), "new");
}

TEST(AtomicFile, ReplacesTheFileThatWasThere) {
  const TempFolder folder;
  folder.write("out", "a longer text than the new one");
  AtomicFile file(folder.file("out"));
  file.write("new");
  file.commit();
  EXPECT_EQ(read_whole(folder.file("out")), "new");
}

TEST(AtomicFile, WritesOverWhatWasWritten) {
  const TempFolder folder;
  AtomicFile file(folder.file("out"));
  file.write("0123456789");
  const std::byte letters[2] = {std::byte{'a'}, std::byte{'b'}};
  file.overwrite(8, letters);
  expect_error(ErrorCode::kBadArgument, "overwritten", [&] { file.overwrite(9, letters); });
  expect_error(ErrorCode::kBadArgument, "overwritten",
               [&] { file.overwrite(~std::uint64_t{0}, letters); });
  file.commit();
  EXPECT_EQ(read_whole(folder.file("out")), "01234567ab");
}

TEST(AtomicFile, SaysWhyItCannotBeCreated) {
  const TempFolder folder;
  expect_error(ErrorCode::kIo, "created", [&] { AtomicFile file(folder.file("no/such/folder")); });
  expect_error(ErrorCode::kIo, "regular file", [&] { AtomicFile file(folder.file(".")); });
  expect_error(ErrorCode::kIo, "regular file", [&] { AtomicFile file("/dev/null"); });
}

TEST(AtomicFile, TakesNothingAfterCommit) {
  const TempFolder folder;
  AtomicFile file(folder.file("out"));
  file.commit();
  expect_error(ErrorCode::kBadArgument, "finished", [&] { file.write("more"); });
  expect_error(ErrorCode::kBadArgument, "finished", [&] { file.commit(); });
}

}  // namespace
}  // namespace wick
