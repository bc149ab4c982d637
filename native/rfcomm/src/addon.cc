// What JavaScript sees of it (Node-API 8, so that one binary serves every Node and Electron):
//
//   sources                           digest of the sources that this was built from
//   sockets()                         '' where the system has Bluetooth sockets, else the name of its error
//   start(handler)                    first of all; handler(kind, id, error, descriptor, caller, address)
//   connect(protocol, address, channel, limit) -> id
//   listen(protocol, adapter, channel) -> [id, channel]   throws with the system's name as `code`
//   stop(id), reset(id)
//   hold(on)                          whether the process goes on for what may still be told
//   pair() -> [id, id]                two streams that are joined with each other: for tests
//   meet(port, secret)                Windows: where streams are handed over
//   records(address, callback)        Windows: service records; callback(error, octets)
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "make.h"
#include "records.h"
#include "system.h"

#ifndef RFCOMM_SOURCES
#define RFCOMM_SOURCES "unknown"
#endif

namespace {

using rfcomm::Address;
using rfcomm::Engine;
using rfcomm::Event;
using rfcomm::EventKind;
using rfcomm::Protocol;
using rfcomm::Socket;

struct Addon {
  napi_env env = nullptr;
  napi_threadsafe_function handler = nullptr;
  Engine* engine = nullptr;
};

constexpr size_t kAddressText = 18;

bool Fine(napi_env env, napi_status status) {
  if (status == napi_ok) return true;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_error(env, nullptr, "Node-API refused a call");
  return false;
}

napi_value Refuse(napi_env env, const char* what) {
  napi_throw_type_error(env, nullptr, what);
  return nullptr;
}

napi_value RefuseWith(napi_env env, int error) {
  char number[24];
  const char* const name = rfcomm::ErrorName(error, number, sizeof(number));
  napi_throw_error(env, name, name);
  return nullptr;
}

Addon* AddonOf(napi_env env) {
  void* addon = nullptr;
  napi_get_instance_data(env, &addon);
  return static_cast<Addon*>(addon);
}

bool Arguments(napi_env env, napi_callback_info info, size_t count, napi_value* values) {
  size_t given = count;
  if (!Fine(env, napi_get_cb_info(env, info, &given, values, nullptr, nullptr))) return false;
  if (given >= count) return true;
  Refuse(env, "too few arguments");
  return false;
}

bool NumberOf(napi_env env, napi_value value, int64_t least, int64_t most, int64_t* number) {
  if (napi_get_value_int64(env, value, number) == napi_ok && *number >= least && *number <= most) return true;
  Refuse(env, "a number is wrong");
  return false;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// AA:BB:CC:DD:EE:FF, in upper case.
bool AddressFrom(napi_env env, napi_value value, Address* address) {
  char text[kAddressText + 1];
  size_t length = 0;
  bool good = napi_get_value_string_utf8(env, value, text, sizeof(text), &length) == napi_ok && length == 17;
  for (int i = 0; good && i < 6; i++) {
    const int high = HexDigit(text[3 * i]);
    const int low = HexDigit(text[3 * i + 1]);
    good = high >= 0 && low >= 0 && (i == 5 || text[3 * i + 2] == ':');
    if (good) address->octets[i] = static_cast<uint8_t>(high * 16 + low);
  }
  if (!good) Refuse(env, "an address is wrong");
  return good;
}

napi_value Number(napi_env env, int64_t number) {
  napi_value value = nullptr;
  napi_create_int64(env, number, &value);
  return value;
}

napi_value Text(napi_env env, const char* text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

// An end that nobody takes any more.
void Drop(Event* event) {
#ifndef _WIN32
  rfcomm::Close(event->descriptor);
#endif
  free(event);
}

// On the JavaScript thread.
void Deliver(napi_env env, napi_value handler, void*, void* data) {
  Event* const event = static_cast<Event*>(data);
  if (env == nullptr) return Drop(event);
  char error[24] = "";
  char address[kAddressText] = "";
  const char* const name = event->error == 0 ? "" : rfcomm::ErrorName(event->error, error, sizeof(error));
  if (event->kind == EventKind::kCaller) {
    const uint8_t* const o = event->address.octets;
    snprintf(address, sizeof(address), "%02X:%02X:%02X:%02X:%02X:%02X", o[0], o[1], o[2], o[3], o[4], o[5]);
  }
  napi_value undefined = nullptr;
  napi_get_undefined(env, &undefined);
  napi_value arguments[] = {
      Number(env, static_cast<int>(event->kind)), Number(env, event->id),     Text(env, name),
      Number(env, event->descriptor),             Number(env, event->caller), Text(env, address),
  };
  free(event);
  napi_call_function(env, undefined, handler, 6, arguments, nullptr);
}

// On the engine's thread.
void Post(void* context, const Event& event) {
  Addon* const addon = static_cast<Addon*>(context);
  Event* const copy = static_cast<Event*>(malloc(sizeof(Event)));
  if (copy == nullptr) abort();
  memcpy(static_cast<void*>(copy), &event, sizeof(Event));
  if (napi_call_threadsafe_function(addon->handler, copy, napi_tsfn_nonblocking) != napi_ok) Drop(copy);
}

void CleanUp(void* data) {
  Addon* const addon = static_cast<Addon*>(data);
  rfcomm::Unmake(addon->engine);
  addon->engine = nullptr;
  if (addon->handler != nullptr) napi_release_threadsafe_function(addon->handler, napi_tsfn_abort);
  addon->handler = nullptr;
}

napi_value Start(napi_env env, napi_callback_info info) {
  napi_value handler = nullptr;
  if (!Arguments(env, info, 1, &handler)) return nullptr;
  Addon* const addon = AddonOf(env);
  if (addon->engine != nullptr) return Refuse(env, "it was started already");
  napi_value name = Text(env, "rfcomm");
  if (!Fine(env, napi_create_threadsafe_function(env, handler, nullptr, name, 0, 1, nullptr, nullptr, nullptr, Deliver,
                                                 &addon->handler))) {
    return nullptr;
  }
  // Who waits for an event keeps the process by itself.
  napi_unref_threadsafe_function(env, addon->handler);
  addon->engine = rfcomm::Make<Engine>(Post, addon);
  if (addon->engine == nullptr) return Refuse(env, "no memory");
  // After the function's own, so that it runs before that.
  napi_add_env_cleanup_hook(env, CleanUp, addon);
  return nullptr;
}

Engine* Started(napi_env env) {
  Engine* const engine = AddonOf(env)->engine;
  if (engine == nullptr) Refuse(env, "it was not started");
  return engine;
}

napi_value Connect(napi_env env, napi_callback_info info) {
  napi_value values[4];
  int64_t protocol = 0;
  int64_t channel = 0;
  int64_t limit = 0;
  Address address;
  Engine* const engine = Started(env);
  if (engine == nullptr || !Arguments(env, info, 4, values) || !NumberOf(env, values[0], 0, 1, &protocol) ||
      !AddressFrom(env, values[1], &address) || !NumberOf(env, values[2], 1, 30, &channel) ||
      !NumberOf(env, values[3], 0, 3600000, &limit)) {
    return nullptr;
  }
  int error = 0;
  const uint32_t id =
      engine->Connect(static_cast<Protocol>(protocol), address, static_cast<int>(channel), limit, &error);
  return id == 0 ? RefuseWith(env, error) : Number(env, id);
}

napi_value Listen(napi_env env, napi_callback_info info) {
  napi_value values[3];
  int64_t protocol = 0;
  int64_t wanted = 0;
  Address adapter;
  Engine* const engine = Started(env);
  if (engine == nullptr || !Arguments(env, info, 3, values) || !NumberOf(env, values[0], 0, 1, &protocol) ||
      !AddressFrom(env, values[1], &adapter) || !NumberOf(env, values[2], 0, 30, &wanted)) {
    return nullptr;
  }
  int error = 0;
  int channel = static_cast<int>(wanted);
  const uint32_t id = engine->Listen(static_cast<Protocol>(protocol), adapter, &channel, &error);
  if (id == 0) return RefuseWith(env, error);
  napi_value both = nullptr;
  napi_create_array_with_length(env, 2, &both);
  napi_set_element(env, both, 0, Number(env, id));
  napi_set_element(env, both, 1, Number(env, channel));
  return both;
}

napi_value Pair(napi_env env, napi_callback_info) {
  Engine* const engine = Started(env);
  if (engine == nullptr) return nullptr;
  int error = 0;
  Socket sockets[2];
  if (!rfcomm::OpenPlainPair(sockets, &error)) return RefuseWith(env, error);
  napi_value both = nullptr;
  napi_create_array_with_length(env, 2, &both);
  for (uint32_t i = 0; i < 2; i++) {
    const uint32_t id = engine->Adopt(sockets[i], &error);
    if (id == 0) return RefuseWith(env, error);
    napi_set_element(env, both, i, Number(env, id));
  }
  return both;
}

template <void (Engine::*Work)(uint32_t)>
napi_value WithId(napi_env env, napi_callback_info info) {
  napi_value value = nullptr;
  int64_t id = 0;
  Engine* const engine = Started(env);
  if (engine == nullptr || !Arguments(env, info, 1, &value) || !NumberOf(env, value, 1, UINT32_MAX, &id)) {
    return nullptr;
  }
  (engine->*Work)(static_cast<uint32_t>(id));
  return nullptr;
}

napi_value Hold(napi_env env, napi_callback_info info) {
  napi_value value = nullptr;
  bool on = false;
  if (Started(env) == nullptr || !Arguments(env, info, 1, &value)) return nullptr;
  napi_get_value_bool(env, value, &on);
  Addon* const addon = AddonOf(env);
  if (on) {
    napi_ref_threadsafe_function(env, addon->handler);
  } else {
    napi_unref_threadsafe_function(env, addon->handler);
  }
  return nullptr;
}

napi_value Meet(napi_env env, napi_callback_info info) {
  napi_value values[2];
  int64_t port = 0;
  size_t length = 0;
  rfcomm::Meeting meeting;
  Engine* const engine = Started(env);
  if (engine == nullptr || !Arguments(env, info, 2, values) || !NumberOf(env, values[0], 1, 65535, &port)) {
    return nullptr;
  }
  if (napi_get_value_string_utf8(env, values[1], meeting.secret, sizeof(meeting.secret), &length) != napi_ok ||
      length != sizeof(meeting.secret) - 1) {
    return Refuse(env, "the secret is wrong");
  }
  meeting.port = static_cast<uint16_t>(port);
  engine->Meet(meeting);
  return nullptr;
}

napi_value Sockets(napi_env env, napi_callback_info) {
  int error = 0;
  const Socket socket = rfcomm::OpenBluetooth(Protocol::kRfcomm, &error);
  rfcomm::Close(socket);
  char number[24];
  return Text(env, socket == rfcomm::kNoSocket ? rfcomm::ErrorName(error, number, sizeof(number)) : "");
}

void Forget(napi_env, void* data, void*) {
  Addon* const addon = static_cast<Addon*>(data);
  rfcomm::Unmake(addon->engine);
  rfcomm::Unmake(addon);
  rfcomm::TearDown();
}

void Export(napi_env env, napi_value exports, const char* name, napi_callback function) {
  napi_value value = nullptr;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
  napi_set_named_property(env, exports, name, value);
}

}  // namespace

NAPI_MODULE_INIT() {
  Addon* const addon = rfcomm::Make<Addon>();
  if (addon == nullptr || !rfcomm::SetUp()) {
    rfcomm::Unmake(addon);
    return Refuse(env, "the system's sockets cannot be used");
  }
  addon->env = env;
  if (!Fine(env, napi_set_instance_data(env, addon, Forget, nullptr))) return nullptr;
  napi_set_named_property(env, exports, "sources", Text(env, RFCOMM_SOURCES));
  Export(env, exports, "start", Start);
  Export(env, exports, "sockets", Sockets);
  Export(env, exports, "connect", Connect);
  Export(env, exports, "listen", Listen);
  Export(env, exports, "pair", Pair);
  Export(env, exports, "stop", WithId<&Engine::Stop>);
  Export(env, exports, "reset", WithId<&Engine::Reset>);
  Export(env, exports, "hold", Hold);
  Export(env, exports, "meet", Meet);
#ifdef _WIN32
  Export(env, exports, "records", rfcomm::Records);
#endif
  return exports;
}
