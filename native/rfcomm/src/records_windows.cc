#ifdef _WIN32

#include "records.h"

#include <initguid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

#include <bthsdpdef.h>
#include <bluetoothapis.h>
#include <ws2bth.h>

namespace rfcomm {

namespace {

// RFCOMM as a service that is looked for: all records that name it.
const GUID kRfcommProtocol = {0x00000003, 0x0000, 0x1000, {0x80, 0x00, 0x00, 0x80, 0x5f, 0x9b, 0x34, 0xfb}};
constexpr size_t kMostOctets = 65536;
constexpr DWORD kAnswer = 32768;

// One look-up, which takes as long as the system likes: in a thread of Node's pool.
struct LookUp {
  napi_async_work work = nullptr;
  napi_ref callback = nullptr;
  wchar_t address[24] = {0};
  int error = 0;
  uint8_t* octets = nullptr;
  size_t length = 0;
};

void Take(LookUp* look_up, const BLOB* blob) {
  if (blob == nullptr || blob->cbSize > kMostOctets - look_up->length) return;
  memcpy(look_up->octets + look_up->length, blob->pBlobData, blob->cbSize);
  look_up->length += blob->cbSize;
}

void Execute(napi_env, void* data) {
  LookUp* const look_up = static_cast<LookUp*>(data);
  look_up->octets = static_cast<uint8_t*>(malloc(kMostOctets));
  auto* const answer = static_cast<WSAQUERYSETW*>(malloc(kAnswer));
  HANDLE handle = nullptr;
  GUID service = kRfcommProtocol;
  WSAQUERYSETW query = {};
  query.dwSize = sizeof(query);
  query.lpServiceClassId = &service;
  query.dwNameSpace = NS_BTH;
  query.lpszContext = look_up->address;
  const DWORD flags = LUP_FLUSHCACHE | LUP_RETURN_BLOB;
  if (look_up->octets == nullptr || answer == nullptr) {
    look_up->error = WSAENOBUFS;
  } else if (WSALookupServiceBeginW(&query, flags, &handle) != 0) {
    const int error = WSAGetLastError();
    // A device that has no such record.
    look_up->error = error == WSASERVICE_NOT_FOUND ? 0 : error;
  } else {
    for (DWORD size = kAnswer; WSALookupServiceNextW(handle, flags, &size, answer) == 0; size = kAnswer) {
      Take(look_up, answer->lpBlob);
    }
    WSALookupServiceEnd(handle);
  }
  free(answer);
}

void Complete(napi_env env, napi_status, void* data) {
  LookUp* const look_up = static_cast<LookUp*>(data);
  char number[24] = "";
  const char* const name = look_up->error == 0 ? "" : ErrorName(look_up->error, number, sizeof(number));
  napi_value undefined = nullptr;
  napi_value callback = nullptr;
  napi_value arguments[2] = {nullptr, nullptr};
  void* copy = nullptr;
  napi_get_undefined(env, &undefined);
  napi_get_reference_value(env, look_up->callback, &callback);
  napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &arguments[0]);
  napi_create_buffer_copy(env, look_up->length, look_up->octets, &copy, &arguments[1]);
  napi_call_function(env, undefined, callback, 2, arguments, nullptr);
  napi_delete_reference(env, look_up->callback);
  napi_delete_async_work(env, look_up->work);
  free(look_up->octets);
  free(look_up);
}

}  // namespace

napi_value Records(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value values[2];
  napi_value name = nullptr;
  char address[18];
  size_t length = 0;
  napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  if (count != 2 || napi_get_value_string_utf8(env, values[0], address, sizeof(address), &length) != napi_ok) {
    napi_throw_type_error(env, nullptr, "an address is wrong");
    return nullptr;
  }
  auto* const look_up = static_cast<LookUp*>(calloc(1, sizeof(LookUp)));
  if (look_up == nullptr) return nullptr;
  swprintf(look_up->address, 24, L"(%hs)", address);
  napi_create_reference(env, values[1], 1, &look_up->callback);
  napi_create_string_utf8(env, "rfcomm records", NAPI_AUTO_LENGTH, &name);
  napi_create_async_work(env, nullptr, name, Execute, Complete, look_up, &look_up->work);
  napi_queue_async_work(env, look_up->work);
  return nullptr;
}

}  // namespace rfcomm

#endif  // _WIN32
