// What the systems have different names for: sockets, Bluetooth addresses, polling, a thread and a mutex.
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <winsock2.h>
#include <windows.h>
#else
#include <poll.h>
#include <pthread.h>
#endif

namespace rfcomm {

#ifdef _WIN32
using Socket = SOCKET;
using PollEntry = WSAPOLLFD;
constexpr Socket kNoSocket = INVALID_SOCKET;
#else
using Socket = int;
using PollEntry = struct pollfd;
constexpr Socket kNoSocket = -1;
#endif

// kRecords is L2CAP, where service records are asked for: packets rather than a stream. kPlain is what tests join.
enum class Protocol { kRfcomm = 0, kRecords = 1, kPlain = 2 };

// As people write it: the most significant octet first.
struct Address {
  uint8_t octets[6];
};

constexpr int kAnyChannel = 0;

// Whether sockets can be used at all; called once for each user.
bool SetUp();
void TearDown();

int LastError();
bool WouldBlock(int error);
bool InProgress(int error);
extern const int kTimedOut;
extern const int kReset;
extern const int kAborted;
// A name such as ETIMEDOUT, or the number in `buffer`.
const char* ErrorName(int error, char* buffer, size_t size);

// All sockets that these make do not block and are not inherited. kNoSocket and `error` when there is none.
Socket OpenBluetooth(Protocol protocol, int* error);
// 0 when it is connected already, else an error, which may be InProgress.
int Connect(Socket socket, Protocol protocol, const Address& address, int channel);
// 0 or an error. With kAnyChannel the system takes one that is free.
int Listen(Socket socket, Protocol protocol, const Address& adapter, int channel);
int ChannelOf(Socket socket, Protocol protocol);
Socket Accept(Socket socket, Protocol protocol, Address* caller, int* error);
// Two stream sockets that are connected over the loopback interface: for tests.
bool OpenPlainPair(Socket pair[2], int* error);

// Octets, 0 at the end, or -1 with LastError.
int64_t Receive(Socket socket, void* octets, size_t size);
int64_t Send(Socket socket, const void* octets, size_t size);
void ShutdownSending(Socket socket);
// The error that waits in the socket, or 0; it is gone then.
int TakeError(Socket socket);
// The end of the socket becomes a break rather than a goodbye, where its protocol has such a thing.
void MakeAbortive(Socket socket);
void Close(Socket socket);

// One end for the joining thread, the other for JavaScript. On Windows, where a descriptor cannot be handed over, the
// other end is the server that JavaScript has at `port`; what is sent first says which stream this is.
struct Meeting {
  uint16_t port = 0;
  char secret[33] = {0};
};
bool OpenLocal(const Meeting& meeting, uint32_t id, Socket* ours, int* theirs, int* error);

// A socket pair by which a thread that polls is woken.
bool OpenWaker(Socket pair[2], int* error);

int Poll(PollEntry* entries, size_t count, int timeout);
int64_t Monotonic();

class Mutex {
 public:
  Mutex();
  ~Mutex();
  void Lock();
  void Unlock();

 private:
#ifdef _WIN32
  CRITICAL_SECTION section_;
#else
  pthread_mutex_t mutex_;
#endif
};

class Locked {
 public:
  explicit Locked(Mutex& mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~Locked() { mutex_.Unlock(); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  Mutex& mutex_;
};

class Thread {
 public:
  using Main = void (*)(void* context);
  bool Start(Main main, void* context);
  void Join();

  // For the system's own start function.
  void Run() { main_(context_); }

 private:
  Main main_ = nullptr;
  void* context_ = nullptr;
#ifdef _WIN32
  HANDLE thread_ = nullptr;
#else
  pthread_t thread_ = {};
#endif
};

}  // namespace rfcomm
