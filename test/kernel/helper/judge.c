/*
 * Puts packets into a network namespace and tells what came out. Started inside a mount namespace whose /run/netns
 * holds `node` (the judged namespace) and `far` (the other ends of its links).
 *
 *   judge FAR=NAME[=...] ...        far end and the node's own name of each link
 *
 * Standard input, one command a line:
 *   inject NAME HEX                  an Ethernet frame arrives at the node's device NAME
 *   local KIND FAMILY PROTO UID GID MARK TOS TTL OIF SRC SPORT DST DPORT HEX
 *                                    a socket sends: KIND is tcp (connect), dgram (udp), connected (udp), raw (HEX
 *                                    follows the header)
 *                                    or header (HEX is the whole packet); `-` stands for "not given"
 *   wait QUIET [PATIENCE]            milliseconds: how long nothing may come before listening ends, and how long it
 *                                    lasts when nothing comes at all (QUIET when not given). 0: until nothing more is
 *                                    there; the stack runs while a packet is sent, so that all has happened by then
 *   watch GROUP ... [trace]          listen to these NFLOG groups, to conntrack's events, and to what nf_tables traces
 *   flush                            forget sockets and conntrack entries (while watching: those that were seen)
 *   conntrack                        list the entries
 * Standard output: out NAME HEX (a frame left by NAME), in MARK HEX (a packet was delivered to a socket),
 * log HEX (an NFLOG message), event HEX (a conntrack message), trace HEX (an nf_tables message), errno NUMBER, ct LINE, and `end` after each command.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <linux/securebits.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef SO_RCVMARK
#define SO_RCVMARK 75
#endif

#define LINKS 512
#define MAX_KEPT 256
#define FRAME 70000

struct link {
  const char *name;
  int fd;
};

static struct link links[LINKS];
static int link_count;
static struct pollfd polled[LINKS + 64];
static int raw_first, netlink_first = LINKS + 64, polled_count;
static int log_fd = -1, event_fd = -1;
static uint8_t deletions[256][512];
static int deletion_count;
static int kept[MAX_KEPT], kept_count;
static int quiet_ms = 4, patience_ms = 25;
/* Frames are read but not told: what comes late belongs to no packet. */
static int discard, told;
static uint8_t buffer[FRAME];

static void die(const char *what) {
  fprintf(stderr, "judge: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void enter(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) < 0) die(path);
  close(fd);
}

static void print_hex(const uint8_t *bytes, size_t length) {
  static const char digits[] = "0123456789abcdef";
  for (size_t at = 0; at < length; at++) {
    putchar(digits[bytes[at] >> 4]);
    putchar(digits[bytes[at] & 15]);
  }
  putchar('\n');
}

static size_t read_hex(const char *text, uint8_t *into, size_t room) {
  size_t length = 0;
  unsigned byte;
  if (text[0] == '-') return 0;
  while (length < room && sscanf(text + 2 * length, "%2x", &byte) == 1) into[length++] = (uint8_t)byte;
  return length;
}

static int far_socket(const char *device) {
  int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL));
  struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
  at.sll_ifindex = (int)if_nametoindex(device);
  if (fd < 0 || at.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0) die(device);
  return fd;
}

static int raw_socket(int family, int protocol) {
  int on = 1;
  int fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (fd < 0) return -1;
  setsockopt(fd, SOL_SOCKET, SO_RCVMARK, &on, sizeof on);
  if (family == AF_INET6) {
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on);
    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof on);
  }
  return fd;
}

/* The far end answers for every neighbour; its hardware address tells which one was asked for. */
static int answer_neighbour(int fd, const uint8_t *frame, size_t length) {
  uint8_t reply[128] = {0};
  if (frame[12] == 8 && frame[13] == 6 && length >= 42) {
    if (frame[21] != 1) return 1;
    memcpy(reply, frame + 6, 6);
    memcpy(reply + 12, frame + 12, 10);
    reply[6] = 2;
    memcpy(reply + 8, frame + 38, 4);
    reply[21] = 2;
    memcpy(reply + 22, reply + 6, 6);
    memcpy(reply + 28, frame + 38, 4);
    memcpy(reply + 32, frame + 22, 10);
    send(fd, reply, 42, 0);
    return 1;
  }
  if (frame[12] != 0x86 || frame[13] != 0xdd || length < 78 || frame[20] != 58 || frame[54] != 135) return 0;
  memcpy(reply, frame + 6, 6);
  reply[6] = 2;
  reply[7] = 6;
  memcpy(reply + 8, frame + 74, 4);
  memcpy(reply + 12, frame + 12, 2);
  reply[14] = 0x60;
  reply[19] = 32;
  reply[20] = 58;
  reply[21] = 255;
  memcpy(reply + 22, frame + 62, 16);
  memcpy(reply + 38, frame + 22, 16);
  reply[54] = 136;
  reply[58] = 0x60;
  memcpy(reply + 62, frame + 62, 16);
  reply[78] = 2;
  reply[79] = 1;
  memcpy(reply + 80, reply + 6, 6);
  uint32_t sum = 32 + 58;
  for (int at = 22; at < 86; at += 2) sum += (uint32_t)(reply[at] << 8 | reply[at + 1]);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  sum = ~sum;
  reply[56] = (uint8_t)(sum >> 8);
  reply[57] = (uint8_t)sum;
  send(fd, reply, 86, 0);
  return 1;
}

static void read_far(const struct link *link) {
  struct sockaddr_ll from;
  socklen_t size = sizeof from;
  ssize_t length;
  while ((length = recvfrom(link->fd, buffer, FRAME, 0, (struct sockaddr *)&from, &size)) > 0) {
    if (from.sll_pkttype == PACKET_OUTGOING || length < 14) continue;
    if (answer_neighbour(link->fd, buffer, (size_t)length)) continue;
    if (discard) continue;
    told++;
    printf("out %s ", link->name);
    print_hex(buffer, (size_t)length);
  }
}

/* A raw IPv6 socket gets no header: it is put together again from what accompanies the data. */
static void read_raw(int fd) {
  for (;;) {
    struct sockaddr_in6 from;
    uint8_t control[512];
    struct iovec part = {buffer + 40, FRAME - 40};
    struct msghdr message = {&from, sizeof from, &part, 1, control, sizeof control, 0};
    ssize_t length = recvmsg(fd, &message, 0);
    uint32_t mark = 0;
    int protocol = 0;
    socklen_t size = sizeof protocol;
    if (length < 0) return;
    memset(buffer, 0, 40);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_MARK) memcpy(&mark, CMSG_DATA(c), 4);
      if (c->cmsg_level != IPPROTO_IPV6) continue;
      if (c->cmsg_type == IPV6_PKTINFO) memcpy(buffer + 24, CMSG_DATA(c), 16);
      if (c->cmsg_type == IPV6_HOPLIMIT) buffer[7] = CMSG_DATA(c)[0];
      if (c->cmsg_type == IPV6_TCLASS) {
        buffer[0] = (uint8_t)(0x60 | CMSG_DATA(c)[0] >> 4);
        buffer[1] = (uint8_t)(CMSG_DATA(c)[0] << 4);
      }
    }
    if (discard) continue;
    told++;
    printf("in %u ", mark);
    if (from.sin6_family != AF_INET6) {
      print_hex(buffer + 40, (size_t)length);
      continue;
    }
    getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size);
    buffer[0] |= 0x60;
    buffer[4] = (uint8_t)(length >> 8);
    buffer[5] = (uint8_t)length;
    buffer[6] = (uint8_t)protocol;
    memcpy(buffer + 8, &from.sin6_addr, 16);
    print_hex(buffer, (size_t)length + 40);
  }
}

static void attribute(struct nlmsghdr *message, uint16_t type, const void *value, size_t length) {
  struct nlattr *at = (struct nlattr *)((uint8_t *)message + NLMSG_ALIGN(message->nlmsg_len));
  at->nla_type = type;
  at->nla_len = (uint16_t)(NLA_HDRLEN + length);
  memcpy((uint8_t *)at + NLA_HDRLEN, value, length);
  message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + (uint32_t)NLA_ALIGN(at->nla_len);
}

static struct nlmsghdr *begin_message(void *into, uint16_t type, uint8_t family, uint16_t resource) {
  struct nlmsghdr *message = into;
  struct nfgenmsg *about = (struct nfgenmsg *)(message + 1);
  memset(into, 0, NLMSG_LENGTH(sizeof *about));
  message->nlmsg_len = NLMSG_LENGTH(sizeof *about);
  message->nlmsg_type = type;
  message->nlmsg_flags = NLM_F_REQUEST;
  about->nfgen_family = family;
  about->version = NFNETLINK_V0;
  about->res_id = htons(resource);
  return message;
}

/* What it takes to delete the entry that an event is about: its original tuple and zone. */
static void remember_entry(const struct nlmsghdr *event) {
  if ((event->nlmsg_type & 255) != IPCTNL_MSG_CT_NEW || deletion_count >= 256) return;
  const struct nfgenmsg *about = (const struct nfgenmsg *)(event + 1);
  struct nlmsghdr *message = begin_message(deletions[deletion_count], NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
                                           about->nfgen_family, 0);
  size_t at = NLMSG_LENGTH(sizeof *about);
  while (at + NLA_HDRLEN <= event->nlmsg_len) {
    const struct nlattr *part = (const struct nlattr *)((const uint8_t *)event + at);
    int type = part->nla_type & NLA_TYPE_MASK;
    if (part->nla_len < NLA_HDRLEN) break;
    if ((type == CTA_TUPLE_ORIG || type == CTA_ZONE) && message->nlmsg_len + part->nla_len < 500)
      attribute(message, part->nla_type, (const uint8_t *)part + NLA_HDRLEN, part->nla_len - NLA_HDRLEN);
    at += NLA_ALIGN(part->nla_len);
  }
  deletion_count++;
}

static void read_netlink(int fd) {
  static uint8_t messages[FRAME];
  ssize_t length;
  while ((length = recv(fd, messages, sizeof messages, 0)) > 0) {
    size_t left = (size_t)length;
    for (struct nlmsghdr *one = (struct nlmsghdr *)messages; NLMSG_OK(one, left); one = NLMSG_NEXT(one, left)) {
      int subsystem = one->nlmsg_type >> 8;
      if (subsystem != NFNL_SUBSYS_ULOG && subsystem != NFNL_SUBSYS_CTNETLINK && subsystem != NFNL_SUBSYS_NFTABLES)
        continue;
      if (subsystem == NFNL_SUBSYS_CTNETLINK) remember_entry(one);
      if (discard) continue;
      told++;
      printf(subsystem == NFNL_SUBSYS_ULOG ? "log " : subsystem == NFNL_SUBSYS_CTNETLINK ? "event " : "trace ");
      print_hex((uint8_t *)one, one->nlmsg_len);
    }
  }
}

static int netlink_socket(uint32_t groups) {
  struct sockaddr_nl at = {.nl_family = AF_NETLINK, .nl_groups = groups};
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_NETFILTER), room = 1 << 22;
  if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0) die("netlink");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  return fd;
}

/* Asks for whole packets of a group, each at once. @returns errno */
static int bind_group(uint16_t group) {
  uint8_t space[256], answer[4096];
  struct nfulnl_msg_config_cmd command = {NFULNL_CFG_CMD_BIND};
  struct nfulnl_msg_config_mode mode = {.copy_range = htonl(0xffff), .copy_mode = NFULNL_COPY_PACKET};
  uint32_t each = htonl(1);
  struct nlmsghdr *message =
      begin_message(space, NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG, AF_UNSPEC, group);
  message->nlmsg_flags |= NLM_F_ACK;
  attribute(message, NFULA_CFG_CMD, &command, sizeof command);
  attribute(message, NFULA_CFG_MODE, &mode, sizeof mode);
  attribute(message, NFULA_CFG_QTHRESH, &each, sizeof each);
  if (send(log_fd, message, message->nlmsg_len, 0) < 0) return errno;
  ssize_t length = recv(log_fd, answer, sizeof answer, 0);
  const struct nlmsghdr *said = (const struct nlmsghdr *)answer;
  if (length < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)) || said->nlmsg_type != NLMSG_ERROR) return EIO;
  return -((const struct nlmsgerr *)(said + 1))->error;
}

static void watch(void) {
  char *word;
  uint32_t groups = 1 << (NFNLGRP_CONNTRACK_NEW - 1) | 1 << (NFNLGRP_CONNTRACK_UPDATE - 1);
  log_fd = netlink_socket(0);
  while ((word = strtok(NULL, " "))) {
    if (strcmp(word, "trace") == 0) {
      groups |= 1 << (NFNLGRP_NFTRACE - 1);
      continue;
    }
    int failed = bind_group((uint16_t)atoi(word));
    if (failed) printf("errno %d\n", failed);
  }
  event_fd = netlink_socket(groups);
  netlink_first = polled_count;
  polled[polled_count++] = (struct pollfd){log_fd, POLLIN, 0};
  polled[polled_count++] = (struct pollfd){event_fd, POLLIN, 0};
}

static void read_all(void) {
  for (int at = 0; at < polled_count; at++) {
    /* Of a device that is down an error is told first; reading takes it away. */
    if (!polled[at].revents) continue;
    if (at < raw_first) read_far(&links[at]);
    else if (at < netlink_first) read_raw(polled[at].fd);
    else read_netlink(polled[at].fd);
  }
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void listen_a_while(void) {
  long start = now_ms(), last = start;
  told = 0;
  for (;;) {
    long left = told ? last + quiet_ms - now_ms() : start + patience_ms - now_ms();
    int ready = poll(polled, (nfds_t)polled_count, left > 0 ? (int)left : 0);
    if (ready > 0) last = now_ms();
    else if (left <= 0) return;
    read_all();
  }
}

static void forget_what_came(void) {
  discard = 1;
  while (poll(polled, (nfds_t)polled_count, 0) > 0) read_all();
  discard = 0;
}

static void set_wait(void) {
  const char *words = strtok(NULL, "");
  if (words && sscanf(words, "%d %d", &quiet_ms, &patience_ms) == 1) patience_ms = quiet_ms;
}

static void inject(void) {
  char *name = strtok(NULL, " "), *hex = strtok(NULL, " ");
  static uint8_t frame[FRAME];
  for (int at = 0; at < link_count; at++) {
    if (strcmp(links[at].name, name) != 0) continue;
    size_t length = read_hex(hex, frame, FRAME);
    if (send(links[at].fd, frame, length, 0) < 0) printf("errno %d\n", errno);
    listen_a_while();
    return;
  }
  printf("errno %d\n", ENODEV);
}

static int given(const char *word) { return strcmp(word, "-") != 0; }

static socklen_t fill(struct sockaddr_storage *into, int family, const char *address, const char *port) {
  memset(into, 0, sizeof *into);
  uint16_t number = htons((uint16_t)(given(port) ? atoi(port) : 0));
  if (family == AF_INET) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)into;
    v4->sin_family = AF_INET;
    v4->sin_port = number;
    if (given(address)) inet_pton(AF_INET, address, &v4->sin_addr);
    return sizeof *v4;
  }
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)into;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = number;
  if (given(address)) inet_pton(AF_INET6, address, &v6->sin6_addr);
  return sizeof *v6;
}

static int send_locally(void) {
  char *word[14];
  for (int at = 0; at < 14; at++)
    if (!(word[at] = strtok(NULL, " "))) return EINVAL;
  enum { KIND, FAMILY, PROTO, UID, GID, MARK, TOS, TTL, OIF, SRC, SPORT, DST, DPORT, HEX };
  int family = atoi(word[FAMILY]) == 6 ? AF_INET6 : AF_INET, on = 1;
  int tcp = strcmp(word[KIND], "tcp") == 0, connected = strcmp(word[KIND], "connected") == 0;
  int dgram = connected || strcmp(word[KIND], "dgram") == 0;
  int header = strcmp(word[KIND], "header") == 0, ip = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
  static uint8_t data[FRAME];
  size_t length = read_hex(word[HEX], data, FRAME);
  if (given(word[GID]) && setresgid((gid_t)-1, (gid_t)atol(word[GID]), (gid_t)-1) < 0) return errno;
  if (given(word[UID]) && setresuid((uid_t)-1, (uid_t)atol(word[UID]), (uid_t)-1) < 0) return errno;
  int type = tcp ? SOCK_STREAM : dgram ? SOCK_DGRAM : SOCK_RAW;
  int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, type == SOCK_RAW ? atoi(word[PROTO]) : 0);
  int failed = errno;
  setresuid((uid_t)-1, 0, (uid_t)-1);
  setresgid((gid_t)-1, 0, (gid_t)-1);
  if (fd < 0) return failed;
  if (kept_count < MAX_KEPT) kept[kept_count++] = fd;
  uint32_t mark = (uint32_t)strtoul(word[MARK], NULL, 0);
  int tos = given(word[TOS]) ? atoi(word[TOS]) : -1, ttl = given(word[TTL]) ? atoi(word[TTL]) : -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
  if (mark) setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark);
  if (tos >= 0) setsockopt(fd, ip, family == AF_INET ? IP_TOS : IPV6_TCLASS, &tos, sizeof tos);
  if (ttl >= 0) setsockopt(fd, ip, family == AF_INET ? IP_TTL : IPV6_UNICAST_HOPS, &ttl, sizeof ttl);
  if (given(word[OIF]) && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, word[OIF], strlen(word[OIF])) < 0) return errno;
  if (header) setsockopt(fd, ip, family == AF_INET ? IP_HDRINCL : 36 /* IPV6_HDRINCL */, &on, sizeof on);
  struct sockaddr_storage source, target;
  socklen_t source_size = fill(&source, family, word[SRC], type == SOCK_RAW ? "-" : word[SPORT]);
  socklen_t target_size = fill(&target, family, word[DST], type == SOCK_RAW ? "-" : word[DPORT]);
  if ((given(word[SRC]) || (type != SOCK_RAW && given(word[SPORT]))) &&
      bind(fd, (struct sockaddr *)&source, source_size) < 0)
    return errno;
  if (tcp) return connect(fd, (struct sockaddr *)&target, target_size) < 0 && errno != EINPROGRESS ? errno : 0;
  if (connected) {
    if (connect(fd, (struct sockaddr *)&target, target_size) < 0) return errno;
    return send(fd, data, length, 0) < 0 ? errno : 0;
  }
  return sendto(fd, data, length, 0, (struct sockaddr *)&target, target_size) < 0 ? errno : 0;
}

static void flush(void) {
  struct {
    struct nlmsghdr head;
    struct nfgenmsg family;
  } message = {{sizeof message, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE, NLM_F_REQUEST | NLM_F_ACK, 1, 0},
               {AF_UNSPEC, NFNETLINK_V0, 0}};
  char answer[4096];
  while (kept_count > 0) close(kept[--kept_count]);
  if (event_fd >= 0 && deletion_count < 256) {
    while (deletion_count > 0) {
      struct nlmsghdr *one = (struct nlmsghdr *)deletions[--deletion_count];
      (void)!send(log_fd, one, one->nlmsg_len, 0);
    }
    return;
  }
  deletion_count = 0;
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) return;
  if (send(fd, &message, sizeof message, 0) > 0) (void)!recv(fd, answer, sizeof answer, 0);
  close(fd);
}

static void list_conntrack(void) {
  char line[4096];
  for (int at = 0; at < 2; at++) {
    FILE *from = popen(at ? "conntrack -L -f ipv6 2>/dev/null" : "conntrack -L -f ipv4 2>/dev/null", "r");
    while (from && fgets(line, sizeof line, from)) printf("ct %s", line);
    if (from) pclose(from);
  }
}

int main(int count, char **words) {
  static const int protocols[] = {1, 6, 17, 33, 47, 50, 51, 58, 132, 136, 253};
  cpu_set_t one;
  /* A change of user keeps the capabilities, so that any user's socket may be raw, marked and bound. */
  if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) < 0) die("prctl");
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof one, &one);
  enter("/run/netns/far");
  for (int at = 1; at < count && link_count < LINKS; at++) {
    char *name = strchr(words[at], '=');
    if (!name) continue;
    *name++ = 0;
    links[link_count].name = name;
    links[link_count].fd = far_socket(words[at]);
    polled[polled_count++] = (struct pollfd){links[link_count++].fd, POLLIN, 0};
  }
  raw_first = polled_count;
  enter("/run/netns/node");
  for (size_t at = 0; at < sizeof protocols / sizeof *protocols; at++) {
    for (int six = 0; six < 2; six++) {
      if (protocols[at] == (six ? 1 : 58)) continue;
      int fd = raw_socket(six ? AF_INET6 : AF_INET, protocols[at]);
      if (fd >= 0) polled[polled_count++] = (struct pollfd){fd, POLLIN, 0};
    }
  }
  puts("end");
  fflush(stdout);
  static char line[3 * FRAME];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    char *verb = strtok(line, " ");
    if (!verb) continue;
    forget_what_came();
    if (strcmp(verb, "inject") == 0) inject();
    else if (strcmp(verb, "wait") == 0) set_wait();
    else if (strcmp(verb, "watch") == 0) watch();
    else if (strcmp(verb, "flush") == 0) flush();
    else if (strcmp(verb, "conntrack") == 0) list_conntrack();
    else if (strcmp(verb, "local") == 0) {
      int failed = send_locally();
      if (failed) printf("errno %d\n", failed);
      listen_a_while();
    }
    puts("end");
    fflush(stdout);
  }
  return 0;
}
