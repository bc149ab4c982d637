// One thread that waits for all Bluetooth sockets of a JavaScript environment.
#pragma once

#include <cstdint>

#include "joint.h"
#include "list.h"
#include "system.h"

namespace rfcomm {

enum class EventKind { kOpen = 0, kFailed = 1, kCaller = 2, kEnded = 3, kClosed = 4 };

struct Event {
  EventKind kind = EventKind::kClosed;
  // What was asked for: a connection, or a listener.
  uint32_t id = 0;
  // kCaller: the connection that has come.
  uint32_t caller = 0;
  // kOpen, kCaller: JavaScript's end, or -1 where it comes by itself.
  int descriptor = -1;
  int error = 0;
  Address address = {};
};

class Engine {
 public:
  // Called from the thread. It owns the event's descriptor.
  using Sink = void (*)(void* context, const Event& event);

  Engine(Sink sink, void* context) : sink_(sink), context_(context) {}
  // Ends the thread and closes everything, without events.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void Meet(const Meeting& meeting);
  // Each is 0 when the thread could not be started; `error` says why.
  uint32_t Connect(Protocol protocol, const Address& address, int channel, int64_t limit, int* error);
  uint32_t Listen(Protocol protocol, const Address& adapter, int* channel, int* error);
  uint32_t Adopt(Socket radio, int* error);
  // Gives a connection or listener up, at once; kClosed follows.
  void Stop(uint32_t id);
  void Reset(uint32_t id);

 private:
  enum class Doing { kConnect, kConnecting, kListening, kJoining, kJoined };

  struct Item {
    uint32_t id = 0;
    Doing doing = Doing::kConnect;
    Protocol protocol = Protocol::kPlain;
    Address address = {};
    int channel = 0;
    // Until it is joined.
    Socket socket = kNoSocket;
    Joint* joint = nullptr;
    // When it wants a turn without an event, or -1.
    int64_t deadline = -1;
    // Where its entries for polling begin, or -1.
    int entry = -1;
    bool over = false;
  };

  struct Command {
    enum Kind { kAdd, kStop, kReset } kind = kAdd;
    uint32_t id = 0;
    Item item;
  };

  bool Begin(int* error);
  uint32_t Add(Item item, int* error);
  void Order(const Command& command);
  void Wake();
  void Run();
  void TakeCommands();
  void Obey(const Command& command);
  int Prepare(int64_t now);
  void Turn(Item* item, int64_t now);
  void StartConnecting(Item* item);
  void SeeConnected(Item* item, short events, int64_t now);
  void AcceptAll(Item* item, int64_t now);
  // `listener` 0: the item itself was asked for.
  void Join(Item* item, uint32_t listener);
  void TurnJoint(Item* item, const PollEntry entries[2], int64_t now);
  void TellJoint(Item* item, const Joint::News& news);
  void Fail(Item* item, int error);
  void Dispose(Item* item);
  void Tell(EventKind kind, uint32_t id, int error);

  Sink const sink_;
  void* const context_;
  Thread thread_;
  bool running_ = false;
  Socket waker_[2] = {kNoSocket, kNoSocket};

  Mutex mutex_;
  // Under the mutex.
  List<Command> commands_;
  bool quit_ = false;
  bool woken_ = false;
  uint32_t last_id_ = 0;
  Meeting meeting_;

  // The thread's own.
  List<Item*> items_;
  List<PollEntry> entries_;
};

}  // namespace rfcomm
