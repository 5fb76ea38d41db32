#include <pcap/pcap.h>

// sock_fprog, to attach a kernel filter behind libpcap's back; Swift's Glibc module leaves it out.
#include <linux/filter.h>
// eventfd, likewise.
#include <sys/eventfd.h>

#include <sys/prctl.h>

// prctl is variadic, which Swift cannot call.
static inline int tapedeck_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

// syscall is variadic too. Empties all three sets of the calling thread (capabilities(7)); 0, or -1 with errno set.
static inline int tapedeck_drop_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
    return (int)syscall(SYS_capset, &header, data);
}

// Lets no program that is started from here on gain anything; prctl again.
static inline int tapedeck_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }
