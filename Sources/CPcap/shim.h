#include <pcap/pcap.h>

// sock_fprog, to attach a kernel filter behind libpcap's back; Swift's Glibc module leaves it out.
#include <linux/filter.h>
// eventfd, likewise.
#include <sys/eventfd.h>
