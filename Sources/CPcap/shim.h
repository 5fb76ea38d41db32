#include <pcap/pcap.h>

// sock_fprog, to attach a kernel filter behind libpcap's back; Swift's Glibc module leaves it out.
#include <linux/filter.h>
// eventfd, likewise.
#include <sys/eventfd.h>

#include <sys/prctl.h>

// prctl is variadic, which Swift cannot call.
static inline int tapedeck_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
