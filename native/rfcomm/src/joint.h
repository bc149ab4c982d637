// Joins a socket of the radio with a local socket that JavaScript has the other end of.
#pragma once

#include "system.h"

namespace rfcomm {

// Octets that wait for a socket to take them. Bounded: who is not read from any more is held back by the system.
class Buffer {
 public:
  // A tenth of a second of a fast link, and more than any packet of service records.
  static constexpr size_t kSize = 16384;

  ~Buffer();
  // False when there is no memory for it.
  bool Allocate();
  bool empty() const { return begin_ == end_; }
  bool full() const { return end_ == kSize && begin_ == 0; }
  void Clear() { begin_ = end_ = 0; }
  // Octets, 0 at the end, or -1 with LastError. There must be room.
  int64_t ReceiveFrom(Socket socket);
  // Octets, or -1 with LastError.
  int64_t SendTo(Socket socket);

 private:
  uint8_t* octets_ = nullptr;
  size_t begin_ = 0;
  size_t end_ = 0;
};

class Joint {
 public:
  // What there is to tell, each at most once.
  struct News {
    // The radio's side has ended: cleanly (0), or with this error.
    bool ended = false;
    int error = 0;
    // The radio's side is closed, or closes by itself.
    bool closed = false;
    // Both sockets are closed: nothing of it is left.
    bool done = false;
  };

  // Takes both sockets.
  Joint(Protocol protocol, Socket radio, Socket local);
  ~Joint();
  Joint(const Joint&) = delete;
  Joint& operator=(const Joint&) = delete;

  bool Allocate();
  // What to wait for: two entries.
  void Prepare(PollEntry entries[2]) const;
  // Carries what can be carried.
  News Turn(const PollEntry entries[2], int64_t now);
  // Breaks the radio's side off.
  News Reset();
  // When it wants a turn even without an event, or -1.
  int64_t deadline() const { return deadline_; }
  bool told_closed() const { return told_closed_; }

 private:
  bool Room(const Buffer& buffer) const;
  bool FromRadio(bool hung_up);
  bool ToLocal();
  bool FromLocal();
  bool ToRadio();
  void Fail(int error);
  void Finish(int64_t now, News* news);

  const Protocol protocol_;
  Socket radio_;
  Socket local_;
  Buffer in_;
  Buffer out_;
  // The radio is broken (error_ says how) or has ended; what it has still got to give is read.
  bool failed_ = false;
  int error_ = 0;
  // Nothing more comes from the radio.
  bool radio_over_ = false;
  bool told_ = false;
  // JavaScript has ended its side: it wants nothing more.
  bool local_over_ = false;
  // JavaScript was told the end by the end of its socket.
  bool local_shut_ = false;
  bool radio_shut_ = false;
  bool told_closed_ = false;
  int64_t deadline_ = -1;
};

}  // namespace rfcomm
