// What belongs to a file beside its bytes and its name.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

enum qf_lost {
  QF_OWNER = 1,
  QF_GROUP = 2,
  QF_ATTRIBUTES = 4,
};

// Gives an open file, which the process has made, the owner, the group, the
// permissions and the extended attributes of the file at `path`. Gives back a sum
// of what the system did not allow; 0 also where there is no file at `path`.
int qf_keep(const char *path, int descriptor);

#ifdef __cplusplus
}
#endif
