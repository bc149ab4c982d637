// `new` and `delete` without the C++ library, which would otherwise be the larger part of the binary.
#pragma once

#include <stdlib.h>

#include <new>

namespace rfcomm {

// nullptr when there is no memory.
template <typename T, typename... Arguments>
T* Make(Arguments... arguments) {
  void* const memory = malloc(sizeof(T));
  return memory == nullptr ? nullptr : new (memory) T(arguments...);
}

template <typename T>
void Unmake(T* made) {
  if (made == nullptr) return;
  made->~T();
  free(static_cast<void*>(made));
}

}  // namespace rfcomm
