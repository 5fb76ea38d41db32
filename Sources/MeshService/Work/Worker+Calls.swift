import Glibc
import NIOCore

extension Worker {
    /// Calls what a step calls out to: first the planted dependency lets it through, then the sink is posted to, if there
    /// is one.
    func call(url: String?, for job: Job, then: @escaping (Worker, CallAnswer) -> Void) {
        let wait = dependency?.reserve(at: Self.now) ?? 0
        guard wait > 0 else { return post(url: url, for: job, then: then) }
        after(.nanoseconds(wait)) { $0.post(url: url, for: job, then: then) }
    }

    private func post(url: String?, for job: Job, then: @escaping (Worker, CallAnswer) -> Void) {
        guard let caller else { return then(self, CallAnswer(status: 200)) }
        caller.post(job) { [weak self] answer in
            if let self { then(self, answer) }
        }
    }

    var processIdentifier: Int32 { getpid() }
}
