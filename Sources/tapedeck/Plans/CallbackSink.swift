import JSON
import LoadPlans
import Reports
import RunCallbacks
import Synchronization

/// Takes the callbacks by which a target's workflows tell that they are over, for as long as a plan runs.
///
/// Whoever calls is answered 204 whether a stage is under way or not: a run that ends late has not failed for it.
final class CallbackSink: RunSource {
    private let rule: ExecutionRule.Callback
    private let server: Mutex<CallbackServer?> = Mutex(nil)
    private let state = Mutex<State>(State())
    private let isolation: IsolationBook

    private struct State {
        weak var desk: ExecutionDesk?
        var taken: UInt64 = 0
        var nameless: UInt64 = 0
        var elsewhere: UInt64 = 0
        /// What the server had counted when the stage began.
        var before = CallbackServer.Counts()
    }

    /// Listens from now on; an error says where it could not.
    init(_ rule: ExecutionRule.Callback, isolation: IsolationBook) throws {
        self.rule = rule
        self.isolation = isolation
        do {
            let started = try CallbackServer.start(host: rule.host, port: Int(rule.port)) { [weak self] in
                self?.answer($0) ?? 503
            }
            server.withLock { $0 = started }
        } catch {
            throw CommandFailure(
                "cannot listen on \(rule.host):\(rule.port) for callbacks: \(error); is it an address of this machine, and "
                    + "the port free and allowed?"
            )
        }
    }

    deinit { close() }

    let isOfTenant = false

    func start(_ desk: ExecutionDesk) {
        let before = server.withLock { $0 }?.counts ?? CallbackServer.Counts()
        state.withLock { $0 = State(desk: desk, before: before) }
    }

    func stop() { state.withLock { $0.desk = nil } }

    /// Ends the listening.
    func close() { server.withLock { $0.take() }?.stop() }

    private func answer(_ request: CallbackServer.Request) -> Int {
        let now = Clock.wall()
        guard rule.takes(target: request.target) else {
            state.withLock { $0.elsewhere += 1 }
            return 404
        }
        // Nobody is known to be the reader: data may stand in it, a secret may not.
        isolation.search(request.body.span, place: "callbacks", reader: nil)
        guard let run = rule.sighting(body: request.body.span, field: { request.field($0) }) else {
            state.withLock { $0.nameless += 1 }
            return 422
        }
        let desk = state.withLock { state in
            state.taken += 1
            return state.desk
        }
        desk?.hear(run, at: now)
        return 204
    }

    var remarks: [String] {
        let state = state.withLock { $0 }
        let counts = server.withLock { $0 }?.counts ?? CallbackServer.Counts()
        let counted: [(UInt64, String)] = [
            (state.nameless, "callbacks named no run, or no end that is known, and were answered 422"),
            (state.elsewhere, "requests came to the listener of callbacks for another path"),
            (counts.tooLong - state.before.tooLong, "callbacks were too long and answered 413"),
            (counts.broken - state.before.broken, "connections to the listener of callbacks spoke no HTTP"),
            (
                counts.refusedConnections - state.before.refusedConnections,
                "connections for callbacks were one too many and refused"
            ),
        ]
        let none = state.taken == 0 ? ["no callback came"] : []
        return none + counted.filter { $0.0 > 0 }.map { "\(Quantity.count($0.0)) \($0.1)" }
    }
}
