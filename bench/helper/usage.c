/*
 * Runs a command and tells what it took: user and system time, time on the wall, and the most memory it held.
 *
 *   usage [-n] COMMAND [ARGUMENT ...]      -n: in a network namespace of its own, whose making is not counted
 *
 * The command's standard input and output are /dev/null. Prints one line: microseconds of user time, of system time and
 * on the wall, KiB at the peak, and the exit status (128 + N when signal N ended it).
 *
 * The program is small on purpose: what a process held before exec counts into its peak (fs/exec.c), so that a child
 * of a large process, as Node's own are, seems as large as that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long microseconds(struct timeval time) { return time.tv_sec * 1000000L + time.tv_usec; }

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000L + time.tv_nsec / 1000;
}

static int fail(const char *what) {
  fprintf(stderr, "usage: %s: %s\n", what, strerror(errno));
  return 125;
}

int main(int count, char **words) {
  char **command = words + 1;
  if (count > 1 && strcmp(*command, "-n") == 0) {
    if (unshare(CLONE_NEWNET) < 0) return fail("no namespace");
    command += 1;
  }
  if (*command == NULL) return fail("no command");
  long start = now();
  pid_t child = fork();
  if (child < 0) return fail("fork");
  if (child == 0) {
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0) _exit(fail("/dev/null"));
    execvp(*command, command);
    _exit(fail(*command));
  }
  int status;
  struct rusage took;
  if (wait4(child, &status, 0, &took) < 0) return fail("wait4");
  long wall = now() - start;
  int ended = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  printf("%ld %ld %ld %ld %d\n", microseconds(took.ru_utime), microseconds(took.ru_stime), wall, took.ru_maxrss, ended);
  return 0;
}
