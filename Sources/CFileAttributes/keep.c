#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "CFileAttributes.h"

// Darwin's functions have one or two arguments more.
#ifdef __APPLE__
#define LIST(path, names, count) listxattr(path, names, count, 0)
#define GET(path, name, value, count) getxattr(path, name, value, count, 0, 0)
#define GET_OPEN(file, name, value, count) \
  fgetxattr(file, name, value, count, 0, 0)
#define SET(file, name, value, count) fsetxattr(file, name, value, count, 0, 0)
#define REMOVE(file, name) fremovexattr(file, name, 0)
#else
#define LIST(path, names, count) listxattr(path, names, count)
#define GET(path, name, value, count) getxattr(path, name, value, count)
#define GET_OPEN(file, name, value, count) fgetxattr(file, name, value, count)
#define SET(file, name, value, count) fsetxattr(file, name, value, count, 0)
#define REMOVE(file, name) fremovexattr(file, name)
#endif

// Gives the file one attribute of the other, unless it has it.
static int keep_attribute(const char *path, const char *name, int file) {
  // Linux makes these of the bytes; those of the old file would be wrong.
  if (strcmp(name, "security.ima") == 0 || strcmp(name, "security.evm") == 0)
    return 1;
  ssize_t count = GET(path, name, NULL, 0);
  if (count < 0) return 0;
  // Room for the value, and for what the file has already.
  char *value = malloc(2 * (size_t)count + 1);
  if (value == NULL) return 0;
  char *present = value + count;
  int is_kept = GET(path, name, value, (size_t)count) == count;
  if (is_kept && (GET_OPEN(file, name, present, (size_t)count) != count ||
                  memcmp(value, present, (size_t)count) != 0))
    is_kept = SET(file, name, value, (size_t)count) == 0;
  free(value);
  return is_kept;
}

// A list of access rights that the new file has inherited from its folder, and
// the old one has not, would give rights that nobody had.
static void remove_inherited(const char *path, int file) {
  static const char rights[] = "system.posix_acl_access";
  if (GET(path, rights, NULL, 0) < 0 &&
      GET_OPEN(file, rights, NULL, 0) >= 0)
    REMOVE(file, rights);
}

static int keep_attributes(const char *path, int file) {
  ssize_t count = LIST(path, NULL, 0);
  // A file system that has none has nothing to keep.
  if (count <= 0) return count == 0 || errno == ENOTSUP || errno == EOPNOTSUPP;
  char *names = malloc((size_t)count);
  if (names == NULL) return 0;
  count = LIST(path, names, (size_t)count);
  int is_kept = count >= 0;
  for (ssize_t i = 0; i < count; i += (ssize_t)strlen(names + i) + 1)
    if (!keep_attribute(path, names + i, file)) is_kept = 0;
  free(names);
  return is_kept;
}

int qf_keep(const char *path, int file) {
  struct stat old, new;
  if (stat(path, &old) != 0 || fstat(file, &new) != 0) return 0;
  int lost = 0;
  // Attributes first: without the owner's rights some cannot be set.
  remove_inherited(path, file);
  if (!keep_attributes(path, file)) lost |= QF_ATTRIBUTES;
  if (old.st_uid != new.st_uid || old.st_gid != new.st_gid) {
    if (fchown(file, old.st_uid, old.st_gid) != 0) {
      if (old.st_uid != new.st_uid) lost |= QF_OWNER;
      if (old.st_gid != new.st_gid &&
          fchown(file, (uid_t)-1, old.st_gid) != 0)
        lost |= QF_GROUP;
    }
  }
  // To run as the owner or the group means something else with another one.
  mode_t mode = old.st_mode & 07777;
  if ((lost & (QF_OWNER | QF_GROUP)) != 0) mode &= (mode_t)~06000;
  (void)fchmod(file, mode);
  return lost;
}
