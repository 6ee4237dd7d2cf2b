/* Loaded before the C library: writes into $SYNC_LOG which file is synced, in the order in which it happens. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void tell(const char *what, int handle) {
    char link[64], path[512], line[600];
    const char *log = getenv("SYNC_LOG");
    if (log == NULL) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return;
    path[length] = 0;
    int out = open(log, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (out < 0) return;
    int size = snprintf(line, sizeof line, "%s %s\n", what, path);
    if (write(out, line, size) < 0) {}
    close(out);
}

int fsync(int handle) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    int result = real(handle);
    tell("synced", handle);
    return result;
}

int fdatasync(int handle) {
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
    int result = real(handle);
    tell("synced", handle);
    return result;
}

ssize_t pwrite64(int handle, const void *data, size_t size, off_t offset) {
    ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite64");
    tell("written", handle);
    return real(handle, data, size, offset);
}

ssize_t pwrite(int handle, const void *data, size_t size, off_t offset) {
    ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    tell("written", handle);
    return real(handle, data, size, offset);
}
