import Glibc
import MeshDatabase
import NIOCore

extension Worker {
    /// Calls what a step calls out to: first the planted dependency lets it through, then the sink is posted to, if there
    /// is one.
    func call(url: String?, for job: Job, then: @escaping (Worker, CallAnswer) -> Void) {
        guard let rate = options.bottlenecks.dependencyRate else {
            return post(url: url, for: job, then: then)
        }
        database.run(Transaction(Queries.reserveCall, Parameter("\(1 / rate)")), on: loop) {
            [weak self] answer in
            // Without the database there is no dependency to wait for, and nothing can be written either.
            let wait = (try? answer.get())?.first?.number(0, 0) ?? 0
            self?.after(.nanoseconds(Int64(min(max(0, wait), 3_600) * 1e9))) {
                $0.post(url: url, for: job, then: then)
            }
        }
    }

    private func post(url: String?, for job: Job, then: @escaping (Worker, CallAnswer) -> Void) {
        guard let caller else { return then(self, CallAnswer(status: 200)) }
        caller.post(job) { [weak self] answer in
            if let self { then(self, answer) }
        }
    }

    var processIdentifier: Int32 { getpid() }
}
