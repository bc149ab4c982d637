/*
 * RFCOMM by nothing but sockets, for `bench lab`:
 *   rfcomm serve CHANNEL               takes OBEX packets into nothing, one connection after the other
 *   rfcomm call ADDRESS CHANNEL SIZE COUNT
 *                                      sends COUNT packets of SIZE octets, each after the answer to the last, and says
 *                                      how many seconds that took
 */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FAMILY 31 /* AF_BLUETOOTH */
#define PROTOCOL 3 /* BTPROTO_RFCOMM */
#define CONNECT 0x80
#define PUT 0x02
#define FINAL 0x80

struct place {
  uint16_t family;
  uint8_t octets[6]; /* the last one first */
  uint8_t channel;
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/*
 * Linux 6.1 makes all frames of a blocking write before it sends the first, and is woken up only when its buffer is half
 * empty: a write that fills half of it alone never ends. So none blocks.
 */
static ssize_t some(int fd, uint8_t *at, size_t left, int writing) {
  struct pollfd room = {.fd = fd, .events = POLLOUT};
  if (!writing) return read(fd, at, left);
  for (;;) {
    ssize_t done = send(fd, at, left, MSG_DONTWAIT);
    if (done >= 0 || errno != EAGAIN || poll(&room, 1, -1) < 0) return done;
  }
}

static int all(int fd, uint8_t *at, size_t left, int writing) {
  while (left > 0) {
    ssize_t done = some(fd, at, left, writing);
    if (done <= 0) return 0;
    at += done;
    left -= (size_t)done;
  }
  return 1;
}

/* The answer to one packet; its length is in its second and third octets (IrOBEX 1.5, 3.1). */
static int answer(int fd, const uint8_t *head) {
  uint8_t connected[] = {0xa0, 0, 7, 0x10, 0, 0xff, 0xff}, said[] = {head[0] & FINAL ? 0xa0 : 0x90, 0, 3};
  return head[0] == CONNECT ? all(fd, connected, sizeof connected, 1) : all(fd, said, sizeof said, 1);
}

static void converse(int fd) {
  static uint8_t packet[65536];
  while (all(fd, packet, 3, 0)) {
    size_t length = (size_t)packet[1] << 8 | packet[2];
    if (length < 3 || !all(fd, packet + 3, length - 3, 0) || !answer(fd, packet)) return;
  }
}

static void serve(const struct place *place) {
  int listener = socket(FAMILY, SOCK_STREAM, PROTOCOL);
  if (listener < 0 || bind(listener, (const struct sockaddr *)place, sizeof *place) || listen(listener, 1)) fail("listen");
  puts("{\"type\":\"listening\"}");
  fflush(stdout);
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) fail("accept");
    converse(fd);
    close(fd);
  }
}

static void call(const struct place *place, size_t size, long count) {
  static uint8_t packet[65536];
  struct timespec began, ended;
  int fd = socket(FAMILY, SOCK_STREAM, PROTOCOL);
  if (fd < 0 || connect(fd, (const struct sockaddr *)place, sizeof *place)) fail("connect");
  memset(packet, 'x', sizeof packet);
  clock_gettime(CLOCK_MONOTONIC, &began);
  for (; count > 0; count--) {
    uint8_t said[3], head[] = {PUT, (uint8_t)(size >> 8), (uint8_t)size};
    memcpy(packet, head, sizeof head);
    if (!all(fd, packet, size, 1) || !all(fd, said, sizeof said, 0)) fail("converse");
  }
  clock_gettime(CLOCK_MONOTONIC, &ended);
  printf("%f\n", (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9);
}

int main(int count, char **words) {
  struct place place = {.family = FAMILY};
  if (count == 3 && strcmp(words[1], "serve") == 0) {
    place.channel = (uint8_t)atoi(words[2]);
    serve(&place);
  }
  if (count != 6 || strcmp(words[1], "call") != 0) return 64;
  unsigned octets[6];
  if (sscanf(words[2], "%x:%x:%x:%x:%x:%x", octets + 5, octets + 4, octets + 3, octets + 2, octets + 1, octets) != 6) return 64;
  for (int index = 0; index < 6; index++) place.octets[index] = (uint8_t)octets[index];
  place.channel = (uint8_t)atoi(words[3]);
  size_t size = (size_t)atol(words[4]);
  if (size < 3 || size > 65535) return 64;
  call(&place, size, atol(words[5]));
  return 0;
}
