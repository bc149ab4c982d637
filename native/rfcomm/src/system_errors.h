// The errors that have a meaning for Bluetooth; the two systems number them differently and name them alike.
#define RFCOMM_ERRORS(E) \
  E(EACCES)              \
  E(EADDRINUSE)          \
  E(EADDRNOTAVAIL)       \
  E(EAFNOSUPPORT)        \
  E(EALREADY)            \
  E(ECONNABORTED)        \
  E(ECONNREFUSED)        \
  E(ECONNRESET)          \
  E(EHOSTDOWN)           \
  E(EHOSTUNREACH)        \
  E(EINVAL)              \
  E(EISCONN)             \
  E(EMFILE)              \
  E(ENETDOWN)            \
  E(ENETRESET)           \
  E(ENETUNREACH)         \
  E(ENOBUFS)             \
  E(ENOTCONN)            \
  E(EPROTONOSUPPORT)     \
  E(ETIMEDOUT)
