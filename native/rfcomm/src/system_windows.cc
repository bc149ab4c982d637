#ifdef _WIN32

#include "system.h"

#include <bthsdpdef.h>
#include <bluetoothapis.h>
#include <process.h>
#include <stdio.h>
#include <string.h>
#include <ws2bth.h>
#include <ws2tcpip.h>

#include "system_errors.h"

namespace rfcomm {

namespace {

BTH_ADDR NumberOf(const Address& address) {
  BTH_ADDR number = 0;
  for (int i = 0; i < 6; i++) number = (number << 8) | address.octets[i];
  return number;
}

bool MakeQuiet(Socket socket) {
  u_long on = 1;
  return ioctlsocket(socket, FIONBIO, &on) == 0;
}

// Connects over the loopback interface, where that takes no time.
Socket OpenLoopback(uint16_t port, int* error) {
  const Socket socket = ::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  struct sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket != kNoSocket && connect(socket, reinterpret_cast<struct sockaddr*>(&name), sizeof(name)) == 0) {
    const BOOL on = TRUE;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char*>(&on), sizeof(on));
    return socket;
  }
  *error = WSAGetLastError();
  Close(socket);
  return kNoSocket;
}

}  // namespace

const int kTimedOut = WSAETIMEDOUT;
const int kReset = WSAECONNRESET;
const int kAborted = WSAECONNABORTED;

bool SetUp() {
  WSADATA data;
  return WSAStartup(MAKEWORD(2, 2), &data) == 0;
}
void TearDown() { WSACleanup(); }

int LastError() { return WSAGetLastError(); }
bool WouldBlock(int error) { return error == WSAEWOULDBLOCK || error == WSAEINTR; }
bool InProgress(int error) { return error == WSAEINPROGRESS || WouldBlock(error); }

const char* ErrorName(int error, char* buffer, size_t size) {
#define RFCOMM_NAME(name) \
  if (error == WSA##name) return #name;
  RFCOMM_ERRORS(RFCOMM_NAME)
#undef RFCOMM_NAME
  snprintf(buffer, size, "error %d", error);
  return buffer;
}

// Service records are asked for by the system itself: see records_windows.cc.
Socket OpenBluetooth(Protocol protocol, int* error) {
  if (protocol != Protocol::kRfcomm) {
    *error = WSAEPROTONOSUPPORT;
    return kNoSocket;
  }
  const Socket socket = ::socket(AF_BTH, SOCK_STREAM, BTHPROTO_RFCOMM);
  if (socket == kNoSocket || !MakeQuiet(socket)) {
    *error = WSAGetLastError();
    Close(socket);
    return kNoSocket;
  }
  // Device management carries secrets: only over an encrypted link, so with a device that is paired.
  ULONG on = TRUE;
  const char* const value = reinterpret_cast<const char*>(&on);
  setsockopt(socket, SOL_RFCOMM, static_cast<int>(SO_BTH_AUTHENTICATE), value, sizeof(on));
  setsockopt(socket, SOL_RFCOMM, SO_BTH_ENCRYPT, value, sizeof(on));
  return socket;
}

int Connect(Socket socket, Protocol, const Address& address, int channel) {
  SOCKADDR_BTH name = {};
  name.addressFamily = AF_BTH;
  name.btAddr = NumberOf(address);
  name.port = static_cast<ULONG>(channel);
  return connect(socket, reinterpret_cast<struct sockaddr*>(&name), sizeof(name)) == 0 ? 0 : WSAGetLastError();
}

int Listen(Socket socket, Protocol, const Address& adapter, int channel) {
  SOCKADDR_BTH name = {};
  name.addressFamily = AF_BTH;
  name.btAddr = NumberOf(adapter);
  name.port = channel == kAnyChannel ? static_cast<ULONG>(BT_PORT_ANY) : static_cast<ULONG>(channel);
  if (bind(socket, reinterpret_cast<struct sockaddr*>(&name), sizeof(name)) != 0) return WSAGetLastError();
  return listen(socket, 5) == 0 ? 0 : WSAGetLastError();
}

int ChannelOf(Socket socket, Protocol) {
  SOCKADDR_BTH name = {};
  int length = sizeof(name);
  if (getsockname(socket, reinterpret_cast<struct sockaddr*>(&name), &length) != 0) return 0;
  return static_cast<int>(name.port);
}

Socket Accept(Socket socket, Protocol, Address* caller, int* error) {
  SOCKADDR_BTH name = {};
  int length = sizeof(name);
  const Socket accepted = accept(socket, reinterpret_cast<struct sockaddr*>(&name), &length);
  if (accepted == kNoSocket || !MakeQuiet(accepted)) {
    *error = WSAGetLastError();
    Close(accepted);
    return kNoSocket;
  }
  for (int i = 0; i < 6; i++) caller->octets[i] = static_cast<uint8_t>(name.btAddr >> (8 * (5 - i)));
  return accepted;
}

bool OpenPlainPair(Socket pair[2], int* error) {
  struct sockaddr_in name = {};
  int length = sizeof(name);
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* any = reinterpret_cast<struct sockaddr*>(&name);
  const Socket listener = ::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  pair[0] = pair[1] = kNoSocket;
  if (listener != kNoSocket && bind(listener, any, length) == 0 && listen(listener, 1) == 0 &&
      getsockname(listener, any, &length) == 0) {
    pair[0] = OpenLoopback(ntohs(name.sin_port), error);
    if (pair[0] != kNoSocket) pair[1] = accept(listener, nullptr, nullptr);
  }
  const bool open = pair[1] != kNoSocket && MakeQuiet(pair[0]) && MakeQuiet(pair[1]);
  if (!open) {
    *error = WSAGetLastError();
    Close(pair[0]);
    Close(pair[1]);
  }
  Close(listener);
  return open;
}

int64_t Receive(Socket socket, void* octets, size_t size) {
  return recv(socket, static_cast<char*>(octets), static_cast<int>(size), 0);
}

int64_t Send(Socket socket, const void* octets, size_t size) {
  return send(socket, static_cast<const char*>(octets), static_cast<int>(size), 0);
}

void ShutdownSending(Socket socket) { shutdown(socket, SD_SEND); }

int TakeError(Socket socket) {
  int error = 0;
  int length = sizeof(error);
  const int got = getsockopt(socket, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &length);
  return got == 0 ? error : WSAGetLastError();
}

void MakeAbortive(Socket socket) {
  const struct linger now = {1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&now), sizeof(now));
}

void Close(Socket socket) {
  if (socket != kNoSocket) closesocket(socket);
}

bool OpenLocal(const Meeting& meeting, uint32_t id, Socket* ours, int* theirs, int* error) {
  const Socket socket = OpenLoopback(meeting.port, error);
  if (socket == kNoSocket) return false;
  char hello[48];
  const int length = snprintf(hello, sizeof(hello), "%s%08x", meeting.secret, static_cast<unsigned>(id));
  if (send(socket, hello, length, 0) != length || !MakeQuiet(socket)) {
    *error = WSAGetLastError();
    Close(socket);
    return false;
  }
  *ours = socket;
  *theirs = -1;
  return true;
}

bool OpenWaker(Socket pair[2], int* error) { return OpenPlainPair(pair, error); }

int Poll(PollEntry* entries, size_t count, int timeout) {
  return WSAPoll(entries, static_cast<ULONG>(count), timeout);
}

int64_t Monotonic() { return static_cast<int64_t>(GetTickCount64()); }

Mutex::Mutex() { InitializeCriticalSection(&section_); }
Mutex::~Mutex() { DeleteCriticalSection(&section_); }
void Mutex::Lock() { EnterCriticalSection(&section_); }
void Mutex::Unlock() { LeaveCriticalSection(&section_); }

static unsigned __stdcall RunThread(void* thread) {
  static_cast<Thread*>(thread)->Run();
  return 0;
}

bool Thread::Start(Main main, void* context) {
  main_ = main;
  context_ = context;
  thread_ = reinterpret_cast<HANDLE>(_beginthreadex(nullptr, 0, RunThread, this, 0, nullptr));
  return thread_ != nullptr;
}

void Thread::Join() {
  WaitForSingleObject(thread_, INFINITE);
  CloseHandle(thread_);
}

}  // namespace rfcomm

#endif  // _WIN32
