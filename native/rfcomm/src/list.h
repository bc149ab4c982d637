// A growing array of plain values. Of the C++ library nothing is used that would have to be linked in.
#pragma once

#include <stdlib.h>
#include <string.h>

#include <cstddef>

namespace rfcomm {

template <typename T>
class List {
 public:
  List() = default;
  ~List() { free(values_); }
  List(const List&) = delete;
  List& operator=(const List&) = delete;

  size_t size() const { return size_; }
  T& operator[](size_t index) { return values_[index]; }
  T* data() { return values_; }
  void Clear() { size_ = 0; }

  void Add(const T& value) {
    if (size_ == capacity_) {
      capacity_ = capacity_ == 0 ? 16 : capacity_ * 2;
      void* const more = realloc(static_cast<void*>(values_), capacity_ * sizeof(T));
      // As `new` does where there are no exceptions.
      if (more == nullptr) abort();
      values_ = static_cast<T*>(more);
    }
    memcpy(static_cast<void*>(values_ + size_), &value, sizeof(T));
    size_ += 1;
  }

  // Puts the last one into its place.
  void Remove(size_t index) {
    size_ -= 1;
    if (index != size_) memcpy(static_cast<void*>(values_ + index), values_ + size_, sizeof(T));
  }

  void Swap(List& other) {
    T* const values = values_;
    const size_t size = size_;
    const size_t capacity = capacity_;
    values_ = other.values_;
    size_ = other.size_;
    capacity_ = other.capacity_;
    other.values_ = values;
    other.size_ = size;
    other.capacity_ = capacity;
  }

 private:
  T* values_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace rfcomm
