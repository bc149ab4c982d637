#include "engine.h"

#include "make.h"

namespace rfcomm {

namespace {

// Between two tries to accept when there is no room for one more (too many open files).
constexpr int64_t kAcceptPause = 200;
// Callers that are taken in one turn.
constexpr int kMostCallers = 16;
constexpr short kBroken = POLLERR | POLLHUP | POLLNVAL;

}  // namespace

Engine::~Engine() {
  if (running_) {
    {
      Locked locked(mutex_);
      quit_ = true;
    }
    Wake();
    thread_.Join();
    Close(waker_[0]);
    Close(waker_[1]);
  }
  for (size_t i = 0; i < items_.size(); i++) Dispose(items_[i]);
  for (size_t i = 0; i < commands_.size(); i++) Close(commands_[i].item.socket);
}

void Engine::Meet(const Meeting& meeting) {
  Locked locked(mutex_);
  meeting_ = meeting;
}

uint32_t Engine::Connect(Protocol protocol, const Address& address, int channel, int64_t limit, int* error) {
  Item item;
  item.protocol = protocol;
  item.address = address;
  item.channel = channel;
  item.deadline = Monotonic() + limit;
  return Add(item, error);
}

uint32_t Engine::Listen(Protocol protocol, const Address& adapter, int* channel, int* error) {
  Item item;
  item.doing = Doing::kListening;
  item.protocol = protocol;
  item.socket = OpenBluetooth(protocol, error);
  if (item.socket == kNoSocket) return 0;
  *error = rfcomm::Listen(item.socket, protocol, adapter, *channel);
  if (*error != 0) {
    Close(item.socket);
    return 0;
  }
  *channel = ChannelOf(item.socket, protocol);
  return Add(item, error);
}

uint32_t Engine::Adopt(Socket radio, int* error) {
  Item item;
  item.doing = Doing::kJoining;
  item.socket = radio;
  return Add(item, error);
}

void Engine::Stop(uint32_t id) {
  Command command;
  command.kind = Command::kStop;
  command.id = id;
  Order(command);
}

void Engine::Reset(uint32_t id) {
  Command command;
  command.kind = Command::kReset;
  command.id = id;
  Order(command);
}

uint32_t Engine::Add(Item item, int* error) {
  if (!running_ && !Begin(error)) {
    Close(item.socket);
    return 0;
  }
  Command command;
  command.item = item;
  {
    Locked locked(mutex_);
    last_id_ += 1;
    command.item.id = last_id_;
    commands_.Add(command);
  }
  Wake();
  return command.item.id;
}

void Engine::Order(const Command& command) {
  if (!running_) return;
  {
    Locked locked(mutex_);
    commands_.Add(command);
  }
  Wake();
}

// At first use: nothing is started in a process that has nothing to do with Bluetooth.
bool Engine::Begin(int* error) {
  if (!OpenWaker(waker_, error)) return false;
  running_ = thread_.Start([](void* engine) { static_cast<Engine*>(engine)->Run(); }, this);
  if (running_) return true;
  *error = LastError();
  Close(waker_[0]);
  Close(waker_[1]);
  return false;
}

void Engine::Wake() {
  {
    Locked locked(mutex_);
    if (woken_) return;
    woken_ = true;
  }
  const uint8_t octet = 0;
  Send(waker_[1], &octet, 1);
}

void Engine::Run() {
  for (;;) {
    TakeCommands();
    {
      Locked locked(mutex_);
      if (quit_) return;
    }
    const int timeout = Prepare(Monotonic());
    if (Poll(entries_.data(), entries_.size(), timeout) < 0) {
      // Interrupted, or short of memory: nothing is known of any entry.
      for (size_t i = 0; i < entries_.size(); i++) entries_[i].revents = 0;
    }
    if (entries_[0].revents != 0) {
      Locked locked(mutex_);
      uint8_t octets[16];
      Receive(waker_[0], octets, sizeof(octets));
      woken_ = false;
    }
    const int64_t now = Monotonic();
    // Callers are added while it runs; they have their turn the next time.
    const size_t count = items_.size();
    for (size_t i = 0; i < count; i++) Turn(items_[i], now);
    for (size_t i = items_.size(); i > 0; i--) {
      if (!items_[i - 1]->over) continue;
      Dispose(items_[i - 1]);
      items_.Remove(i - 1);
    }
  }
}

void Engine::TakeCommands() {
  List<Command> commands;
  {
    Locked locked(mutex_);
    commands.Swap(commands_);
  }
  for (size_t i = 0; i < commands.size(); i++) Obey(commands[i]);
}

void Engine::Obey(const Command& command) {
  if (command.kind == Command::kAdd) {
    Item* const item = Make<Item>(command.item);
    if (item == nullptr) {
      Close(command.item.socket);
      return Tell(EventKind::kClosed, command.item.id, 0);
    }
    items_.Add(item);
    if (item->doing == Doing::kConnect) StartConnecting(item);
    if (item->doing == Doing::kJoining) Join(item, 0);
    return;
  }
  for (size_t i = 0; i < items_.size(); i++) {
    Item* const item = items_[i];
    if (item->id != command.id || item->over) continue;
    if (command.kind == Command::kReset) {
      if (item->joint != nullptr) TellJoint(item, item->joint->Reset());
      continue;
    }
    const bool told = item->joint != nullptr && item->joint->told_closed();
    Close(item->socket);
    item->socket = kNoSocket;
    Unmake(item->joint);
    item->joint = nullptr;
    item->over = true;
    if (!told) Tell(EventKind::kClosed, item->id, 0);
  }
}

// Returns how long to wait, in milliseconds, or -1.
int Engine::Prepare(int64_t now) {
  entries_.Clear();
  PollEntry waker = {};
  waker.fd = waker_[0];
  waker.events = POLLIN;
  entries_.Add(waker);
  int64_t earliest = -1;
  for (size_t i = 0; i < items_.size(); i++) {
    Item* const item = items_[i];
    item->entry = -1;
    // It is disposed of in this round.
    if (item->over) earliest = now;
    if (item->deadline >= 0 && (earliest < 0 || item->deadline < earliest)) earliest = item->deadline;
    if (item->over) continue;
    // A listener that has a deadline waits for room.
    if (item->doing == Doing::kListening && item->deadline >= 0) continue;
    item->entry = static_cast<int>(entries_.size());
    PollEntry pair[2] = {};
    if (item->joint != nullptr) {
      item->joint->Prepare(pair);
      entries_.Add(pair[0]);
      entries_.Add(pair[1]);
      continue;
    }
    pair[0].fd = item->socket;
    pair[0].events = item->doing == Doing::kListening ? POLLIN : POLLOUT;
    entries_.Add(pair[0]);
  }
  if (earliest < 0) return -1;
  return earliest <= now ? 0 : static_cast<int>(earliest - now);
}

void Engine::Turn(Item* item, int64_t now) {
  if (item->over) return;
  if (item->entry < 0) {
    if (item->doing == Doing::kListening && now >= item->deadline) item->deadline = -1;
    return;
  }
  const PollEntry* const entries = entries_.data() + item->entry;
  switch (item->doing) {
    case Doing::kConnecting:
      return SeeConnected(item, entries[0].revents, now);
    case Doing::kListening:
      if (entries[0].revents != 0) AcceptAll(item, now);
      return;
    case Doing::kJoined: {
      const bool due = item->deadline >= 0 && now >= item->deadline;
      if (due || entries[0].revents != 0 || entries[1].revents != 0) TurnJoint(item, entries, now);
      return;
    }
    case Doing::kConnect:
    case Doing::kJoining:
      return;
  }
}

void Engine::StartConnecting(Item* item) {
  int error = 0;
  item->socket = OpenBluetooth(item->protocol, &error);
  if (item->socket == kNoSocket) return Fail(item, error);
  item->doing = Doing::kConnecting;
  error = rfcomm::Connect(item->socket, item->protocol, item->address, item->channel);
  if (error == 0) return Join(item, 0);
  if (!InProgress(error)) Fail(item, error);
}

void Engine::SeeConnected(Item* item, short events, int64_t now) {
  if (events != 0) {
    const int error = TakeError(item->socket);
    if (error != 0) return Fail(item, error);
    if ((events & POLLOUT) != 0 && (events & kBroken) == 0) return Join(item, 0);
    if ((events & kBroken) != 0) return Fail(item, kReset);
  }
  if (now >= item->deadline) Fail(item, kTimedOut);
}

void Engine::AcceptAll(Item* item, int64_t now) {
  for (int i = 0; i < kMostCallers; i++) {
    int error = 0;
    Address caller = {};
    const Socket socket = Accept(item->socket, item->protocol, &caller, &error);
    if (socket == kNoSocket) {
      if (!WouldBlock(error)) item->deadline = now + kAcceptPause;
      return;
    }
    Item* const come = Make<Item>();
    if (come == nullptr) {
      Close(socket);
      return;
    }
    {
      Locked locked(mutex_);
      last_id_ += 1;
      come->id = last_id_;
    }
    come->protocol = item->protocol;
    come->address = caller;
    come->socket = socket;
    items_.Add(come);
    Join(come, item->id);
  }
}

void Engine::Join(Item* item, uint32_t listener) {
  Meeting meeting;
  {
    Locked locked(mutex_);
    meeting = meeting_;
  }
  Socket ours = kNoSocket;
  Event event;
  if (!OpenLocal(meeting, item->id, &ours, &event.descriptor, &event.error)) return Fail(item, event.error);
  Joint* const joint = Make<Joint>(item->protocol, item->socket, ours);
  item->socket = kNoSocket;
  item->joint = joint;
  item->doing = Doing::kJoined;
  item->deadline = -1;
  event.kind = listener == 0 ? EventKind::kOpen : EventKind::kCaller;
  event.id = listener == 0 ? item->id : listener;
  event.caller = item->id;
  event.address = item->address;
  // JavaScript has its end and sees that it is closed.
  const bool joined = joint != nullptr && joint->Allocate();
  sink_(context_, event);
  if (joined) return;
  item->over = true;
  Tell(EventKind::kEnded, item->id, kAborted);
  Tell(EventKind::kClosed, item->id, 0);
}

void Engine::TurnJoint(Item* item, const PollEntry entries[2], int64_t now) {
  TellJoint(item, item->joint->Turn(entries, now));
  if (item->joint != nullptr) item->deadline = item->joint->deadline();
}

void Engine::TellJoint(Item* item, const Joint::News& news) {
  if (news.ended) Tell(EventKind::kEnded, item->id, news.error);
  if (news.done) item->over = true;
  if (news.closed) Tell(EventKind::kClosed, item->id, 0);
}

// A caller that cannot be joined is nobody's: nothing is told.
void Engine::Fail(Item* item, int error) {
  Close(item->socket);
  item->socket = kNoSocket;
  item->over = true;
  Tell(EventKind::kFailed, item->id, error);
}

void Engine::Dispose(Item* item) {
  Close(item->socket);
  Unmake(item->joint);
  Unmake(item);
}

void Engine::Tell(EventKind kind, uint32_t id, int error) {
  Event event;
  event.kind = kind;
  event.id = id;
  event.error = error;
  sink_(context_, event);
}

}  // namespace rfcomm
