// Service records where the system asks for them itself.
#pragma once

#ifdef _WIN32
#include <node_api.h>

namespace rfcomm {

// records(address, callback): callback(error, octets) with all records that name RFCOMM, one after the other.
napi_value Records(napi_env env, napi_callback_info info);

}  // namespace rfcomm
#endif
