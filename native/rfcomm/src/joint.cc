#include "joint.h"

#include <stdlib.h>
#include <string.h>

namespace rfcomm {

namespace {

// How long the other side of a plain socket may take to end as well. RFCOMM says goodbye by itself.
constexpr int64_t kLinger = 1000;
// Turns of one joint before the others have theirs.
constexpr int kMostRounds = 8;

constexpr short kBroken = POLLERR | POLLHUP | POLLNVAL;

}  // namespace

Buffer::~Buffer() { free(octets_); }

bool Buffer::Allocate() {
  octets_ = static_cast<uint8_t*>(malloc(kSize));
  return octets_ != nullptr;
}

int64_t Buffer::ReceiveFrom(Socket socket) {
  if (end_ == kSize) {
    memmove(octets_, octets_ + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const int64_t got = Receive(socket, octets_ + end_, kSize - end_);
  if (got > 0) end_ += static_cast<size_t>(got);
  return got;
}

int64_t Buffer::SendTo(Socket socket) {
  const int64_t sent = Send(socket, octets_ + begin_, end_ - begin_);
  if (sent > 0) begin_ += static_cast<size_t>(sent);
  if (begin_ == end_) Clear();
  return sent;
}

Joint::Joint(Protocol protocol, Socket radio, Socket local) : protocol_(protocol), radio_(radio), local_(local) {}

Joint::~Joint() {
  Close(radio_);
  Close(local_);
}

bool Joint::Allocate() { return in_.Allocate() && out_.Allocate(); }

// A packet stays whole: it has the buffer to itself.
bool Joint::Room(const Buffer& buffer) const {
  return protocol_ == Protocol::kRecords ? buffer.empty() : !buffer.full();
}

void Joint::Prepare(PollEntry entries[2]) const {
  short radio = 0;
  if (Room(in_)) radio |= POLLIN;
  if (!out_.empty()) radio |= POLLOUT;
  // With nothing to wait for, a break is still told. One that is known already would be told for ever.
  entries[0].fd = radio_over_ || failed_ ? kNoSocket : radio_;
  entries[0].events = radio;
  entries[0].revents = 0;
  short local = 0;
  if (!local_over_ && Room(out_)) local |= POLLIN;
  if (!in_.empty()) local |= POLLOUT;
  entries[1].fd = local == 0 ? kNoSocket : local_;
  entries[1].events = local;
  entries[1].revents = 0;
}

Joint::News Joint::Turn(const PollEntry entries[2], int64_t now) {
  const bool hung_up = entries[0].fd != kNoSocket && (entries[0].revents & kBroken) != 0;
  for (int round = 0; round < kMostRounds; round++) {
    bool moved = FromRadio(hung_up);
    moved |= ToLocal();
    moved |= FromLocal();
    moved |= ToRadio();
    if (!moved) break;
  }
  // Nothing can be read from it for want of room, but who writes to it must hear of its end.
  if (hung_up && !failed_ && !radio_over_) Fail(TakeError(radio_));
  News news;
  Finish(now, &news);
  return news;
}

Joint::News Joint::Reset() {
  MakeAbortive(radio_);
  Close(radio_);
  radio_ = kNoSocket;
  radio_over_ = true;
  Fail(kAborted);
  // What has come is still read, then the end.
  ToLocal();
  News news;
  Finish(0, &news);
  return news;
}

bool Joint::FromRadio(bool hung_up) {
  if (radio_over_ || !Room(in_)) return false;
  const int64_t got = in_.ReceiveFrom(radio_);
  if (got > 0) {
    // Nobody reads it any more.
    if (local_over_) in_.Clear();
    return true;
  }
  const int error = got == 0 ? 0 : LastError();
  if (got < 0 && WouldBlock(error)) {
    if (!hung_up && !failed_) return false;
    // It has been closed, and everything was read.
    Fail(TakeError(radio_));
  } else {
    Fail(error);
  }
  radio_over_ = true;
  return true;
}

void Joint::Fail(int error) {
  if (failed_) return;
  failed_ = true;
  out_.Clear();
  // A channel of RFCOMM that the other side closes is told as a reset by Linux (net/bluetooth/rfcomm/core.c,
  // rfcomm_recv_disc), and so is L2CAP: that is how they end.
  error_ = error == kReset && protocol_ != Protocol::kPlain ? 0 : error;
}

bool Joint::ToLocal() {
  bool moved = false;
  if (!in_.empty()) {
    const int64_t sent = in_.SendTo(local_);
    if (sent < 0 && !WouldBlock(LastError())) {
      // JavaScript has closed its socket with octets unread.
      local_over_ = true;
      in_.Clear();
    }
    moved = sent > 0;
  }
  if (radio_over_ && in_.empty() && !local_shut_) {
    ShutdownSending(local_);
    local_shut_ = true;
  }
  return moved;
}

bool Joint::FromLocal() {
  if (local_over_ || !Room(out_)) return false;
  const int64_t got = out_.ReceiveFrom(local_);
  if (got > 0) {
    if (failed_) out_.Clear();
    return true;
  }
  if (got < 0 && WouldBlock(LastError())) return false;
  local_over_ = true;
  in_.Clear();
  return true;
}

bool Joint::ToRadio() {
  if (out_.empty() || failed_) return false;
  const int64_t sent = out_.SendTo(radio_);
  if (sent >= 0) return sent > 0;
  const int error = LastError();
  if (WouldBlock(error)) return false;
  Fail(error);
  return true;
}

void Joint::Finish(int64_t now, News* news) {
  if (failed_ && !told_) {
    told_ = true;
    news->ended = true;
    news->error = error_;
  }
  if (!local_over_ || (!out_.empty() && !failed_)) return;
  if (!told_closed_) {
    told_closed_ = true;
    news->closed = true;
  }
  const bool plain = protocol_ == Protocol::kPlain;
  if (!radio_over_ && plain && !radio_shut_) {
    // What was sent must not be taken back by a reset: the other side ends first.
    ShutdownSending(radio_);
    radio_shut_ = true;
    deadline_ = now + kLinger;
  }
  if (!radio_over_ && plain && !failed_ && now < deadline_) return;
  Close(radio_);
  Close(local_);
  radio_ = local_ = kNoSocket;
  news->done = true;
}

}  // namespace rfcomm
