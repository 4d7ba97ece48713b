// Libraries that are loaded when they are needed.
#pragma once

// Loads the first library of a list that is there, and finds functions in it.
// It stays loaded until the process ends.
//
// - libraries: File names or paths; `NULL` ends the list.
// - names: The functions; `NULL` ends the list.
// - functions: Where their addresses are stored, in the same order.
//
// 0 when there is no library, or it lacks a function.
int qz_load(const char *const *libraries, const char *const *names,
            void **functions);
