/*
 * openobex as both ends of an OBEX transfer over a TCP socket, for `bench obex`.
 *   anchor serve            prints its port, then serves one connection after another until its input ends
 *   anchor put PORT BYTES   anchor get PORT BYTES   one connection, one object; prints seconds
 * Packets of 64 KB both ways; the object is in memory, as ours is, and goes in pieces; what arrives is counted and dropped.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openobex/obex.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PACKET 65535
#define PIECE 65000

static uint8_t *body;
static long long body_length, wanted, left_over, received;
static int done, failed, mode_of_this = OBEX_MODE_CLIENT;

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec + at.tv_nsec / 1e9;
}

static void give(obex_t *handle, obex_object_t *object) {
  obex_headerdata_t data;
  unsigned size = left_over < PIECE ? (unsigned)left_over : PIECE;
  data.bs = body + body_length - left_over;
  left_over -= size;
  OBEX_ObjectAddHeader(handle, object, OBEX_HDR_BODY, data, size,
                       left_over > 0 ? OBEX_FL_STREAM_DATA : OBEX_FL_STREAM_DATAEND);
}

/* Made once for all objects of one size. */
static void make_body(long long bytes) {
  if (bytes == body_length) return;
  free(body);
  body = malloc(bytes);
  if (body == NULL) exit(3);
  body_length = bytes;
  for (long long at = 0; at < bytes; at += 1) body[at] = (uint8_t)(at % 251);
}

static void begin_body(obex_t *handle, obex_object_t *object, long long bytes) {
  obex_headerdata_t data;
  make_body(bytes);
  left_over = bytes;
  data.bs = NULL;
  OBEX_ObjectAddHeader(handle, object, OBEX_HDR_BODY, data, 0, OBEX_FL_STREAM_START);
}

static void take(obex_t *handle, obex_object_t *object) {
  const uint8_t *bytes;
  int length = OBEX_ObjectReadStream(handle, object, &bytes);
  if (length > 0) received += length;
}

/* A client of the library gets a body whole, at the end. */
static void count_body(obex_t *handle, obex_object_t *object) {
  obex_headerdata_t data;
  uint8_t id;
  uint32_t length;
  while (OBEX_ObjectGetNextHeader(handle, object, &id, &data, &length) == 1)
    if (id == OBEX_HDR_BODY) received += length;
}

static void on_event(obex_t *handle, obex_object_t *object, int mode, int event, int command, int response) {
  switch (event) {
    case OBEX_EV_REQHINT:
      OBEX_ObjectSetRsp(object, command == OBEX_CMD_PUT || command == OBEX_CMD_GET ? OBEX_RSP_CONTINUE : OBEX_RSP_SUCCESS,
                        OBEX_RSP_SUCCESS);
      if (command == OBEX_CMD_PUT) OBEX_ObjectReadStream(handle, object, NULL);
      break;
    case OBEX_EV_REQ:
      if (command == OBEX_CMD_GET) {
        obex_headerdata_t data;
        uint8_t id;
        uint32_t length;
        while (OBEX_ObjectGetNextHeader(handle, object, &id, &data, &length) == 1)
          if (id == OBEX_HDR_LENGTH) wanted = data.bq4;
        begin_body(handle, object, wanted);
      }
      break;
    case OBEX_EV_STREAMEMPTY:
      give(handle, object);
      break;
    case OBEX_EV_STREAMAVAIL:
      take(handle, object);
      break;
    case OBEX_EV_REQDONE:
      if (mode == OBEX_MODE_CLIENT && command == OBEX_CMD_GET) count_body(handle, object);
      done = 1;
      if (mode == OBEX_MODE_CLIENT && response != OBEX_RSP_SUCCESS) failed = 1;
      break;
    case OBEX_EV_LINKERR:
    case OBEX_EV_PARSEERR:
      done = failed = 1;
      break;
    default:
      break;
  }
}

static obex_t *over(int fd) {
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  obex_t *handle = OBEX_Init(OBEX_TRANS_FD, on_event, 0);
  OBEX_SetTransportMTU(handle, PACKET, PACKET);
  if (FdOBEX_TransportSetup(handle, fd, fd, PACKET) < 0) exit(3);
  return handle;
}

/* The library does not tell that the other end of a plain descriptor has closed it. */
static int has_ended(obex_t *handle) {
  char octet;
  struct pollfd one = {.fd = OBEX_GetFD(handle), .events = POLLIN};
  return poll(&one, 1, 20000) <= 0 || recv(one.fd, &octet, 1, MSG_PEEK) <= 0;
}

static void run(obex_t *handle) {
  for (done = 0; !done;) {
    if (OBEX_HandleInput(handle, 20) >= 0 && (done || mode_of_this == OBEX_MODE_CLIENT || !has_ended(handle))) continue;
    failed = 1;
    return;
  }
}

static void serve(void) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof at;
  mode_of_this = OBEX_MODE_SERVER;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 5)) exit(3);
  getsockname(listener, (struct sockaddr *)&at, &length);
  printf("%d\n", ntohs(at.sin_port));
  fflush(stdout);
  for (;;) {
    struct pollfd either[2] = {{.fd = listener, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    if (poll(either, 2, -1) < 0 || either[1].revents) exit(0);
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) continue;
    obex_t *handle = over(fd);
    for (failed = 0; !failed;) run(handle);
    OBEX_Cleanup(handle);
    close(fd);
  }
}

static void request(obex_t *handle, obex_object_t *object) {
  if (OBEX_Request(handle, object) < 0) exit(4);
  run(handle);
  if (failed) exit(5);
}

static void transfer(const char *what, int port, long long bytes) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&at, sizeof at)) exit(3);
  obex_t *handle = over(fd);
  obex_headerdata_t data;
  int put = strcmp(what, "put") == 0;
  if (put) make_body(bytes);
  request(handle, OBEX_ObjectNew(handle, OBEX_CMD_CONNECT));
  double start = now();
  obex_object_t *object = OBEX_ObjectNew(handle, put ? OBEX_CMD_PUT : OBEX_CMD_GET);
  data.bs = (const uint8_t *)"\0a\0\0";
  OBEX_ObjectAddHeader(handle, object, OBEX_HDR_NAME, data, 4, 0);
  data.bq4 = (uint32_t)bytes;
  OBEX_ObjectAddHeader(handle, object, OBEX_HDR_LENGTH, data, 4, 0);
  if (put) begin_body(handle, object, bytes);
  request(handle, object);
  printf("%.6f\n", now() - start);
  if (!put && received != bytes) exit(6);
}

int main(int count, char **words) {
  if (count == 2) serve();
  else if (count == 4) transfer(words[1], atoi(words[2]), atoll(words[3]));
  else return 64;
  return 0;
}
