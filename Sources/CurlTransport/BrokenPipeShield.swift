import Glibc

/// Keeps SIGPIPE from the calling thread for as long as it lives.
///
/// OpenSSL writes to its sockets without MSG_NOSIGNAL, so a target that hangs up would end the process.
struct BrokenPipeShield: ~Copyable {
    private var before = sigset_t()
    private var pipe = sigset_t()

    init() {
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
    }

    deinit {
        // One that is pending would arrive as soon as the mask is lifted.
        var none = timespec()
        var set = pipe
        _ = sigtimedwait(&set, nil, &none)
        var mask = before
        pthread_sigmask(SIG_SETMASK, &mask, nil)
    }
}
