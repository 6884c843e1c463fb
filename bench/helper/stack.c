/*
 * What a packet costs the kernel. Makes TUN devices in a network namespace of its own, runs a script there, and writes
 * packets into the devices: each write takes the packet through the whole stack (PREROUTING, routing, FORWARD or INPUT,
 * POSTROUTING, the outgoing device) before it returns, so that the thread's CPU clock tells the cost.
 *
 *   stack DEVICES SCRIPT PACKETS SKIP
 *
 * DEVICES: a name a line. PACKETS: lines of a device's number and the packet in hex. The first SKIP packets do not count.
 * Prints one line: packets counted, nanoseconds of CPU for all of them, and conntrack entries afterwards.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_DEVICES = 1024, LONGEST = 256 };

struct packet {
  int device;
  int length;
  uint8_t bytes[LONGEST];
};

static int devices[MOST_DEVICES];

static void die(const char *what) {
  fprintf(stderr, "stack: %s: %s\n", what, strerror(errno));
  exit(1);
}

static FILE *open_file(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) die(path);
  return file;
}

static void make_devices(const char *path) {
  FILE *file = open_file(path);
  char name[IFNAMSIZ];
  for (int at = 0; at < MOST_DEVICES && fscanf(file, "%15s", name) == 1; at += 1) {
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    memcpy(request.ifr_name, name, IFNAMSIZ);
    devices[at] = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (devices[at] < 0 || ioctl(devices[at], TUNSETIFF, &request) < 0) die(name);
  }
  fclose(file);
}

static void run(const char *script) {
  pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    execlp("bash", "bash", script, (char *)NULL);
    die("bash");
  }
  int status;
  if (waitpid(child, &status, 0) < 0 || status != 0) die("the script failed");
}

static int read_packets(const char *path, struct packet **packets) {
  FILE *file = open_file(path);
  int count = 0, room = 0, device;
  char hex[2 * LONGEST + 1];
  while (fscanf(file, "%d %512s", &device, hex) == 2) {
    if (count == room) {
      room = room == 0 ? 4096 : room * 2;
      *packets = realloc(*packets, room * sizeof **packets);
      if (*packets == NULL) die("memory");
    }
    struct packet *packet = &(*packets)[count++];
    if (device < 0 || device >= MOST_DEVICES || devices[device] == 0) die("no such device");
    packet->device = devices[device];
    packet->length = strlen(hex) / 2;
    for (int at = 0; at < packet->length; at += 1) {
      unsigned byte;
      if (sscanf(hex + 2 * at, "%2x", &byte) != 1) die("not hex");
      packet->bytes[at] = byte;
    }
  }
  fclose(file);
  return count;
}

static long long cpu(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long entries(void) {
  long count = -1;
  FILE *file = fopen("/proc/sys/net/netfilter/nf_conntrack_count", "r");
  if (file != NULL) {
    if (fscanf(file, "%ld", &count) != 1) count = -1;
    fclose(file);
  }
  return count;
}

int main(int count, char **words) {
  if (count != 5) {
    fputs("stack DEVICES SCRIPT PACKETS SKIP\n", stderr);
    return 2;
  }
  if (unshare(CLONE_NEWNET) < 0) die("no namespace");
  make_devices(words[1]);
  run(words[2]);
  struct packet *packets = NULL;
  int all = read_packets(words[3], &packets), skip = atoi(words[4]);
  long long start = 0;
  for (int at = 0; at < all; at += 1) {
    if (at == skip) start = cpu();
    if (write(packets[at].device, packets[at].bytes, packets[at].length) != packets[at].length) die("write");
  }
  long long took = cpu() - start;
  printf("%d %lld %ld\n", all - skip, took, entries());
  return 0;
}
