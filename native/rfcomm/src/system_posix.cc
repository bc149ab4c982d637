#ifndef _WIN32

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "system.h"
#include "system_errors.h"

#if defined(__linux__) && defined(__x86_64__) && defined(__GLIBC__)
// The newest versions of these came with glibc 2.34, and are what they were: one binary serves older systems too.
__asm__(".symver pthread_create,pthread_create@GLIBC_2.2.5");
__asm__(".symver pthread_join,pthread_join@GLIBC_2.2.5");
#endif

namespace rfcomm {

namespace {

// Linux, include/net/bluetooth: the headers of a development package are not needed for so little.
constexpr int kFamily = 31;            // AF_BLUETOOTH
constexpr int kL2capNumber = 0;        // BTPROTO_L2CAP
constexpr int kRfcommNumber = 3;       // BTPROTO_RFCOMM
constexpr int kBluetoothLevel = 274;   // SOL_BLUETOOTH
constexpr int kSecurityOption = 4;     // BT_SECURITY
constexpr uint8_t kMediumSecurity = 2; // BT_SECURITY_MEDIUM

constexpr int kLocalQueue = 16384;

struct RfcommName {
  uint16_t family;
  uint8_t address[6];
  uint8_t channel;
};

struct L2capName {
  uint16_t family;
  uint16_t psm;
  uint8_t address[6];
  uint16_t cid;
  uint8_t address_type;
};

struct Security {
  uint8_t level;
  uint8_t key_size;
};

union Name {
  struct sockaddr any;
  RfcommName rfcomm;
  L2capName l2cap;
};

void Reverse(uint8_t to[6], const uint8_t from[6]) {
  for (int i = 0; i < 6; i++) to[i] = from[5 - i];
}

socklen_t NameOf(Protocol protocol, const Address& address, int channel, Name* name) {
  memset(name, 0, sizeof(*name));
  if (protocol == Protocol::kRfcomm) {
    name->rfcomm.family = kFamily;
    name->rfcomm.channel = static_cast<uint8_t>(channel);
    Reverse(name->rfcomm.address, address.octets);
    return sizeof(name->rfcomm);
  }
  name->l2cap.family = kFamily;
  // Little-endian on the wire and in the structure; every processor that this is built for is.
  name->l2cap.psm = static_cast<uint16_t>(channel);
  Reverse(name->l2cap.address, address.octets);
  return sizeof(name->l2cap);
}

bool MakeQuiet(int fd) {
  const int flags = fcntl(fd, F_GETFL, 0);
  return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

bool OpenUnixPair(int type, Socket pair[2], int* error) {
#ifdef SOCK_CLOEXEC
  type |= SOCK_CLOEXEC;
#endif
  if (socketpair(AF_UNIX, type, 0, pair) != 0) {
    *error = errno;
    return false;
  }
  if (MakeQuiet(pair[0]) && MakeQuiet(pair[1])) return true;
  *error = errno;
  Close(pair[0]);
  Close(pair[1]);
  return false;
}

}  // namespace

const int kTimedOut = ETIMEDOUT;
const int kReset = ECONNRESET;
const int kAborted = ECONNABORTED;

bool SetUp() { return true; }
void TearDown() {}

int LastError() { return errno; }
bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }
bool InProgress(int error) { return error == EINPROGRESS || WouldBlock(error); }

const char* ErrorName(int error, char* buffer, size_t size) {
#define RFCOMM_NAME(name) \
  if (error == name) return #name;
  RFCOMM_ERRORS(RFCOMM_NAME)
#undef RFCOMM_NAME
  if (error == EBUSY) return "EBUSY";
  if (error == EBADFD) return "EBADFD";
  if (error == EBADE) return "EBADE";
  if (error == ENODEV) return "ENODEV";
  if (error == EPERM) return "EPERM";
  snprintf(buffer, size, "error %d", error);
  return buffer;
}

Socket OpenBluetooth(Protocol protocol, int* error) {
  const bool packets = protocol == Protocol::kRecords;
  const int fd = socket(kFamily, packets ? SOCK_SEQPACKET : SOCK_STREAM, packets ? kL2capNumber : kRfcommNumber);
  if (fd < 0) {
    *error = errno;
    return kNoSocket;
  }
  if (!MakeQuiet(fd)) {
    *error = errno;
    Close(fd);
    return kNoSocket;
  }
  if (!packets) {
    // Device management carries secrets: only over an encrypted link, so with a device that is paired.
    const Security security = {kMediumSecurity, 0};
    if (setsockopt(fd, kBluetoothLevel, kSecurityOption, &security, sizeof(security)) != 0) {
      *error = errno;
      Close(fd);
      return kNoSocket;
    }
  }
  return fd;
}

int Connect(Socket fd, Protocol protocol, const Address& address, int channel) {
  Name name;
  const socklen_t length = NameOf(protocol, address, channel, &name);
  return connect(fd, &name.any, length) == 0 ? 0 : errno;
}

int Listen(Socket fd, Protocol protocol, const Address& adapter, int channel) {
  Name name;
  const socklen_t length = NameOf(protocol, adapter, channel, &name);
  if (bind(fd, &name.any, length) != 0) return errno;
  return listen(fd, 5) == 0 ? 0 : errno;
}

int ChannelOf(Socket fd, Protocol protocol) {
  Name name;
  socklen_t length = sizeof(name);
  memset(&name, 0, sizeof(name));
  if (getsockname(fd, &name.any, &length) != 0) return 0;
  return protocol == Protocol::kRfcomm ? name.rfcomm.channel : name.l2cap.psm;
}

Socket Accept(Socket fd, Protocol protocol, Address* caller, int* error) {
  Name name;
  socklen_t length = sizeof(name);
  memset(&name, 0, sizeof(name));
  const int accepted = accept(fd, &name.any, &length);
  if (accepted < 0) {
    *error = errno;
    return kNoSocket;
  }
  Reverse(caller->octets, protocol == Protocol::kRfcomm ? name.rfcomm.address : name.l2cap.address);
  if (MakeQuiet(accepted)) return accepted;
  *error = errno;
  Close(accepted);
  return kNoSocket;
}

bool OpenPlainPair(Socket pair[2], int* error) {
  struct sockaddr_in name = {};
  socklen_t length = sizeof(name);
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* any = reinterpret_cast<struct sockaddr*>(&name);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  pair[0] = socket(AF_INET, SOCK_STREAM, 0);
  pair[1] = -1;
  if (listener >= 0 && pair[0] >= 0 && bind(listener, any, length) == 0 && listen(listener, 1) == 0 &&
      getsockname(listener, any, &length) == 0 && connect(pair[0], any, length) == 0) {
    pair[1] = accept(listener, nullptr, nullptr);
  }
  const bool open = pair[1] >= 0 && MakeQuiet(pair[0]) && MakeQuiet(pair[1]);
  if (!open) {
    *error = errno;
    Close(pair[0]);
    Close(pair[1]);
  }
  Close(listener);
  return open;
}

int64_t Receive(Socket fd, void* octets, size_t size) { return recv(fd, octets, size, 0); }

int64_t Send(Socket fd, const void* octets, size_t size) {
#ifdef MSG_NOSIGNAL
  return send(fd, octets, size, MSG_NOSIGNAL);
#else
  return send(fd, octets, size, 0);
#endif
}

void ShutdownSending(Socket fd) { shutdown(fd, SHUT_WR); }

int TakeError(Socket fd) {
  int error = 0;
  socklen_t length = sizeof(error);
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

void MakeAbortive(Socket fd) {
  const struct linger now = {1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

void Close(Socket fd) {
  if (fd >= 0) close(fd);
}

bool OpenLocal(const Meeting&, uint32_t, Socket* ours, int* theirs, int* error) {
  Socket pair[2];
  if (!OpenUnixPair(SOCK_STREAM, pair, error)) return false;
  // What is written is to be with the radio soon, not in a queue of this computer.
  for (int i = 0; i < 2; i++) setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &kLocalQueue, sizeof(kLocalQueue));
  *ours = pair[0];
  *theirs = pair[1];
  return true;
}

bool OpenWaker(Socket pair[2], int* error) { return OpenUnixPair(SOCK_STREAM, pair, error); }

int Poll(PollEntry* entries, size_t count, int timeout) { return poll(entries, count, timeout); }

int64_t Monotonic() {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

Mutex::Mutex() { pthread_mutex_init(&mutex_, nullptr); }
Mutex::~Mutex() { pthread_mutex_destroy(&mutex_); }
void Mutex::Lock() { pthread_mutex_lock(&mutex_); }
void Mutex::Unlock() { pthread_mutex_unlock(&mutex_); }

static void* RunThread(void* thread) {
  static_cast<Thread*>(thread)->Run();
  return nullptr;
}

bool Thread::Start(Main main, void* context) {
  main_ = main;
  context_ = context;
  return pthread_create(&thread_, nullptr, RunThread, this) == 0;
}

void Thread::Join() { pthread_join(thread_, nullptr); }

}  // namespace rfcomm

#endif  // !_WIN32
