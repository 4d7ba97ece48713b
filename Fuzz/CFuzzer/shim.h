#pragma once

#include <stddef.h>
#include <stdint.h>

// libFuzzer as a library ("Using libFuzzer as a library" in its manual).
int LLVMFuzzerRunDriver(int *argc, char ***argv,
                        int (*run)(const uint8_t *bytes, size_t count));
